"""What approvals refuse, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Forbidden, Invalid, NotFound, Refused


class FlowInvalid(Invalid):
    """A flow contradicts itself, or could never come to an end."""

    code = "approval_flow_invalid"


class FlowNotFound(NotFound):
    """There is no such revision of a flow."""

    code = "approval_flow_not_found"


class ApprovalNotFound(NotFound):
    """There is no such approval, or the caller may not know of it."""

    code = "approval_not_found"


class NobodyMayApprove(Refused):
    """All who are named for a step wrote the document themselves: it would wait for ever."""

    code = "nobody_may_approve"
    usual_cure = "let another person issue it, or name more approvers in the flow"


class ApprovalSettled(Refused):
    """The approval has ended: there is nothing left to decide."""

    code = "approval_settled"
    usual_cure = "look at its history; a new one begins when the document is sent again"


class OwnApproval(Forbidden):
    """Whoever wrote, priced or sent a document never decides on it, whatever the role and for whomever."""

    code = "own_approval"
    usual_cure = "leave the decision to another approver"


class NotApprover(Forbidden):
    """No open step names the caller, nor anybody for whom the caller may decide."""

    code = "not_an_approver"
    usual_cure = "leave the decision to those whom the open steps name"


class NotDeputy(Forbidden):
    """Nobody has named the caller as deputy for today."""

    code = "not_a_deputy"
    usual_cure = "ask for a delegation, or decide in your own name"


class NotRequester(Forbidden):
    """Only who asked for an approval, or an administrator, may take the question back."""

    code = "not_the_requester"
    usual_cure = "reject it if it is yours to decide, or ask the requester"


class DecidedAlready(Refused):
    """A person decides once on a step, and once only is decided for a person."""

    code = "decided_already"
    usual_cure = "leave the rest to the other approvers"


class StepNotOpen(Refused):
    """The step waits for those before it, or is done."""

    code = "approval_step_not_open"
    usual_cure = "decide on an open step, or leave step out"


class StepUnknown(Invalid):
    """The approval has no such step."""

    code = "approval_step_unknown"
    usual_cure = "choose a step of the approval, or leave step out"


class ReasonMissing(Invalid):
    """A rejection does not say why."""

    code = "reason_missing"
    usual_cure = "say what must change for it to be approved"


class DelegationInvalid(Invalid):
    """A delegation contradicts itself."""

    code = "approval_delegation_invalid"


class DelegationNotFound(NotFound):
    """There is no such delegation, or it is not the caller's."""

    code = "approval_delegation_not_found"


class DelegationEnded(Refused):
    """The delegation was ended before."""

    code = "approval_delegation_ended"
