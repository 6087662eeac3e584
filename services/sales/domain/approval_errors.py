"""What sales refuses because of approvals."""

from __future__ import annotations

from libs.common.errors import Refused


class ApprovalNeeded(Refused):
    """The quotation must be approved before it is the customer's."""

    code = "approval_needed"
    usual_cure = "send it: that asks for the approval, and it can be accepted once it is approved"


class ApprovalPending(Refused):
    """The quotation waits for its approval."""

    code = "approval_pending"
    usual_cure = "wait for the approval, or withdraw it to change the quotation"


class ApprovalOutdated(Refused):
    """The quotation is not the one that was approved."""

    code = "approval_outdated"
    usual_cure = "revise the quotation and send the revision"


class ChoiceNeedsApproval(Refused):
    """What was chosen comes to a total that must be approved first."""

    code = "choice_needs_approval"
    usual_cure = "revise the quotation with this choice as its offer and send it, or choose less"
