"""Whether those who said yes are enough: every person counts once, whomever they spoke for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from libs.common.approvals.flow import Step

EVERY_ROLE = "admin"


@dataclass(frozen=True)
class Voice:
    """In whose name somebody decides: his own, or that of the person who named him deputy, with that one's roles."""

    person: str
    roles: frozenset[str]

    def has(self, role: str) -> bool:
        """Tell whether the voice speaks for ``role``; an administrator's speaks for each."""
        return role in self.roles or EVERY_ROLE in self.roles


def places(step: Step, voice: Voice) -> tuple[int, ...]:
    """Return which of those whom the flow names the voice answers for; none: it has no say in the step.

    Who was asked by an escalation stands in for each of them.
    """
    added = any(approver.added and voice.has(approver.name) for approver in step.approvers)
    return tuple(
        place
        for place, approver in enumerate(step.named)
        if added or (voice.person == approver.name if approver.kind == "user" else voice.has(approver.name))
    )


def enough(step: Step, answered: Sequence[Collection[int]]) -> bool:
    """Tell whether the people who said yes are enough; each comes with the places that he answers for.

    Where all must, each place needs a person of its own: one who has two of the roles answers for one of them.
    """
    if step.needs != "all":
        return len(answered) >= step.people
    return _matched(answered) == len(step.named)


def _matched(answered: Sequence[Collection[int]]) -> int:
    """Return how many places can have a person of their own (a maximum matching, by augmenting paths)."""
    holder: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for place in answered[person]:
            if place not in tried:
                tried.add(place)
                if place not in holder or seat(holder[place], tried):
                    holder[place] = person
                    return True
        return False

    return sum(seat(person, set()) for person in range(len(answered)))


def can_be_answered(step: Step, barred: Collection[str]) -> bool:
    """Tell whether enough people are left when ``barred`` may not decide; of a role there are always some.

    An escalation will bring others, and for a superior somebody always stands in.
    """
    if step.escalate_to is not None:
        return True
    left = [approver for approver in step.named if approver.kind != "user" or approver.name not in barred]
    if step.needs == "all":
        return len(left) == len(step.named)
    return any(approver.kind != "user" for approver in left) or len(left) >= step.people
