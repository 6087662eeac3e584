"""A running approval: its open steps, who decided what, and how it ends; the rules alone, without the tables.

It is approved when every step is, rejected by the first no, and ends once: what is settled takes no more decisions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from libs.common.approvals.conditions import Facts
from libs.common.approvals.faults import (
    ApprovalSettled,
    DecidedAlready,
    NobodyMayApprove,
    NotApprover,
    NotDeputy,
    NotRequester,
    OwnApproval,
    ReasonMissing,
    StepNotOpen,
    StepUnknown,
)
from libs.common.approvals.flow import Approver, Flow, Step
from libs.common.approvals.quorum import EVERY_ROLE, Voice, can_be_answered, enough, places
from libs.common.approvals.superiors import resolved

State = Literal["waiting", "approved", "rejected", "withdrawn", "lapsed"]
StepState = Literal["later", "open", "approved"]
Verdict = Literal["approved", "rejected"]
Deed = Literal["requested", "approved", "rejected", "withdrawn", "escalated", "lapsed"]


@dataclass(frozen=True)
class AskedStep:
    """A step of a running approval; ``n`` counts from 1 over all flows, ``flow`` says whose it is."""

    n: int
    flow: str
    step: Step
    opened_at: datetime | None = None
    approved_at: datetime | None = None
    escalate_at: datetime | None = None

    @property
    def state(self) -> StepState:
        """Whether it is asked later, now, or was answered with yes."""
        if self.approved_at is not None:
            return "approved"
        return "later" if self.opened_at is None else "open"

    @property
    def name(self) -> str:
        """What is asked."""
        return self.step.name

    @property
    def stage(self) -> int:
        """After which others it is asked."""
        return self.step.stage

    def opened(self, at: datetime) -> AskedStep:
        """Return the step as asked from now on; the time to its escalation begins."""
        after = self.step.escalate_after
        return replace(self, opened_at=at, escalate_at=None if after is None else at + after)


@dataclass(frozen=True)
class Act:
    """What somebody did about an approval, and when; ``places`` are those that a decision answers for."""

    deed: Deed
    by: str
    at: datetime
    step: int | None = None
    on_behalf_of: str | None = None
    comment: str | None = None
    places: tuple[int, ...] = ()

    @property
    def voice(self) -> str:
        """Whose decision it counts as."""
        return self.on_behalf_of or self.by


@dataclass(frozen=True)
class Approval:
    """A question about a document: what it said then (``facts``), the steps, and all that was done about it.

    ``barred`` may never decide: they wrote, priced or sent it. ``flows`` are the revisions that it was made of,
    ``superiors`` those of who asked, on that day.
    """

    id: str
    document: str
    document_id: str
    number: str
    conversation_id: str
    requested_by: str
    requested_at: datetime
    barred: frozenset[str]
    facts: Facts
    flows: tuple[str, ...]
    steps: tuple[AskedStep, ...]
    acts: tuple[Act, ...]
    state: State = "waiting"
    ended_at: datetime | None = None
    version: int = 1
    superiors: tuple[str, ...] = ()

    @property
    def open_steps(self) -> tuple[AskedStep, ...]:
        """The steps that wait for an answer now."""
        return tuple(each for each in self.steps if self.state == "waiting" and each.state == "open")

    def decisions(self, n: int) -> tuple[Act, ...]:
        """Return what was decided on step ``n``."""
        return tuple(act for act in self.acts if act.step == n and act.deed in ("approved", "rejected"))


@dataclass(frozen=True)
class Subject:
    """The document that needs an approval, what it says, and who may not decide on it."""

    document: str
    document_id: str
    number: str
    conversation_id: str
    facts: Facts
    barred: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """What somebody wants to decide: in his own name or, as a deputy, in that of one of ``lent``.

    Without ``step`` it is the first open one that is his; without ``on_behalf_of`` his own name, where that has a say.
    """

    verdict: Verdict
    me: Voice
    lent: tuple[Voice, ...] = ()
    step: int | None = None
    on_behalf_of: str | None = None
    comment: str | None = None


def begin(
    approval_id: str,
    subject: Subject,
    flows: Sequence[Flow],
    asked_by: str,
    at: datetime,
    superiors: tuple[str, ...] = (),
) -> Approval:
    """Return the approval that the flows ask for, their steps together; the first stage is open.

    ``superiors`` are those of ``asked_by``, the direct one first. A step that nobody is left to answer is refused here,
    where something can still be done about it.
    """
    barred = subject.barred | {asked_by}
    asked = [(flow.name, resolved(step, superiors, barred)) for flow in flows for step in flow.steps]
    for flow_name, step in asked:
        if not can_be_answered(step, barred):
            raise NobodyMayApprove(
                f"all who are named for {step.name} of {flow_name} wrote the document themselves",
                step=step.name,
                flow=flow_name,
            )
    approval = Approval(
        id=approval_id,
        document=subject.document,
        document_id=subject.document_id,
        number=subject.number,
        conversation_id=subject.conversation_id,
        requested_by=asked_by,
        requested_at=at,
        barred=barred,
        facts=subject.facts,
        flows=tuple(flow.id for flow in flows),
        steps=tuple(AskedStep(n, name, step) for n, (name, step) in enumerate(asked, 1)),
        acts=(Act("requested", asked_by, at),),
        superiors=superiors,
    )
    return _go_on(approval, at)


def decide(approval: Approval, wanted: Decision, at: datetime) -> Approval:
    """Return the approval with one more decision, further or ended by it; refuse who may not, and what is settled."""
    _require_waiting(approval)
    if wanted.me.person in approval.barred:
        raise OwnApproval(f"{approval.number} is yours: somebody else must decide")
    if wanted.verdict == "rejected" and not wanted.comment:
        raise ReasonMissing("a rejection says why", field="comment")
    step, voice = _seat(approval, wanted)
    me = wanted.me.person
    act = Act(
        deed=wanted.verdict,
        by=me,
        at=at,
        step=step.n,
        on_behalf_of=None if voice.person == me else voice.person,
        comment=wanted.comment,
        places=places(step.step, voice),
    )
    decided = replace(approval, acts=(*approval.acts, act))
    if wanted.verdict == "rejected":
        return replace(decided, state="rejected", ended_at=at)
    return _go_on(_answered(decided, step, at), at)


def withdraw(approval: Approval, by: Voice, comment: str | None, at: datetime) -> Approval:
    """Return the approval as taken back by who asked for it, or by an administrator where that one is gone."""
    _require_waiting(approval)
    if by.person != approval.requested_by and EVERY_ROLE not in by.roles:
        raise NotRequester(f"{approval.requested_by} asked for this approval")
    return _ended(approval, "withdrawn", by.person, comment, at)


def lapse(approval: Approval, by: str, reason: str, at: datetime) -> Approval:
    """Return the approval as over because its document is."""
    _require_waiting(approval)
    return _ended(approval, "lapsed", by, reason, at)


def escalate(approval: Approval, n: int, by: str, at: datetime) -> Approval | None:
    """Return the approval with step ``n`` asked of its further role too; nothing when it is not time, or not any more.

    Its time is taken away, so that it happens once.
    """
    found = next((each for each in approval.open_steps if each.n == n), None)
    if found is None or found.escalate_at is None or found.escalate_at > at or not found.step.escalate_to:
        return None
    wider = (*found.step.approvers, Approver("role", found.step.escalate_to, added=True))
    asked = replace(found, step=replace(found.step, approvers=wider), escalate_at=None)
    act = Act("escalated", by, at, step=n, comment=found.step.escalate_to)
    return replace(approval, steps=_with(approval, asked), acts=(*approval.acts, act))


def may_decide(approval: Approval, voices: Sequence[Voice]) -> bool:
    """Tell whether who speaks with ``voices``, his own first, is asked now."""
    if voices[0].person in approval.barred:
        return False
    return any(True for each in approval.open_steps for _ in _free_voices(approval, each, voices[0], voices))


def _require_waiting(approval: Approval) -> None:
    if approval.state != "waiting":
        raise ApprovalSettled(
            f"the approval of {approval.number} is {approval.state}",
            state=approval.state,
            ended_at=approval.ended_at,
        )


def _seat(approval: Approval, wanted: Decision) -> tuple[AskedStep, Voice]:
    """Return the step on which, and the name in which, the decision is made."""
    voices = _voices(approval, wanted)
    steps = _steps(approval, wanted.step)
    for step in steps:
        for voice in _free_voices(approval, step, wanted.me, voices):
            return step, voice
    if any(places(step.step, voice) for step in steps for voice in voices):
        raise DecidedAlready("this was decided by you or for you before")
    raise NotApprover(
        f"{' and '.join(step.name for step in steps)} is not yours to decide",
        approvers=sorted({approver.name for step in steps for approver in step.step.approvers}),
    )


def _voices(approval: Approval, wanted: Decision) -> tuple[Voice, ...]:
    if wanted.on_behalf_of is None:
        return (wanted.me, *_unbarred(approval, wanted.lent))
    if wanted.on_behalf_of == wanted.me.person:
        return (wanted.me,)
    if wanted.on_behalf_of in approval.barred:
        raise OwnApproval(
            f"{approval.number} is of {wanted.on_behalf_of}: nobody decides on it in that name",
            field="on_behalf_of",
        )
    found = tuple(voice for voice in wanted.lent if voice.person == wanted.on_behalf_of)
    if not found:
        raise NotDeputy(f"you are no deputy of {wanted.on_behalf_of}", field="on_behalf_of")
    return found


def _unbarred(approval: Approval, voices: Iterable[Voice]) -> tuple[Voice, ...]:
    return tuple(voice for voice in voices if voice.person not in approval.barred)


def _steps(approval: Approval, n: int | None) -> tuple[AskedStep, ...]:
    if n is None:
        return approval.open_steps
    found = next((each for each in approval.steps if each.n == n), None)
    if found is None:
        raise StepUnknown(f"there is no step {n}", field="step")
    if found.state != "open":
        now = ", ".join(f"{each.n} ({each.name})" for each in approval.open_steps)
        why = "is approved" if found.state == "approved" else "comes later"
        raise StepNotOpen(f"{found.name} {why}; open now: {now}", field="step")
    return (found,)


def _free_voices(approval: Approval, step: AskedStep, me: Voice, voices: Iterable[Voice]) -> Iterable[Voice]:
    """Yield the voices that have a say in the step and have not used it; nobody decides twice, in whatever name."""
    made = approval.decisions(step.n)
    used = {act.voice for act in made} | {act.by for act in made}
    if me.person in used:
        return
    for voice in _unbarred(approval, voices):
        if voice.person not in used and places(step.step, voice):
            yield voice


def _answered(approval: Approval, step: AskedStep, at: datetime) -> Approval:
    """Note on the step that it is approved, if those who said yes are enough now."""
    yes = [act.places for act in approval.decisions(step.n)]
    if not enough(step.step, yes):
        return approval
    return replace(approval, steps=_with(approval, replace(step, approved_at=at, escalate_at=None)))


def _go_on(approval: Approval, at: datetime) -> Approval:
    """Open the next stage when none is open; after the last one it is approved."""
    if any(each.state == "open" for each in approval.steps):
        return approval
    later = [each.stage for each in approval.steps if each.state == "later"]
    if not later:
        return replace(approval, state="approved", ended_at=at)
    steps = tuple(
        each.opened(at) if each.state == "later" and each.stage == min(later) else each
        for each in approval.steps
    )
    return replace(approval, steps=steps)


def _ended(approval: Approval, state: State, by: str, comment: str | None, at: datetime) -> Approval:
    deed: Deed = "withdrawn" if state == "withdrawn" else "lapsed"
    act = Act(deed, by, at, comment=comment)
    return replace(approval, state=state, ended_at=at, acts=(*approval.acts, act))


def _with(approval: Approval, changed: AskedStep) -> tuple[AskedStep, ...]:
    return tuple(changed if each.n == changed.n else each for each in approval.steps)


def matching(flows: Iterable[Flow], facts: Facts) -> tuple[Flow, ...]:
    """Return the flows that a document which says ``facts`` needs, in the order of their names."""
    return tuple(sorted((flow for flow in flows if flow.applies(facts)), key=lambda flow: flow.name))


def approvers_left(step: Step, barred: Collection[str]) -> tuple[Approver, ...]:
    """Return who may answer a step: those whom it names, without the ``barred``."""
    return tuple(each for each in step.approvers if each.kind != "user" or each.name not in barred)
