"""A delegation: who is away names a deputy, from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from libs.common.approvals.faults import DelegationInvalid
from libs.common.approvals.quorum import EVERY_ROLE, Voice

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Delegation:
    """``deputy`` may decide for ``person`` from ``first_day`` to ``last_day``, both included, until it is ended.

    ``roles`` are those that the person had when naming the deputy. They are lent for this alone, and not passed on.
    """

    id: str
    person: str
    roles: frozenset[str]
    deputy: str
    first_day: date
    last_day: date
    created_at: datetime
    reason: str | None = None
    ended_at: datetime | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the deputy may decide on that day."""
        return self.ended_at is None and self.first_day <= day <= self.last_day

    @property
    def lent_roles(self) -> list[str]:
        """The roles that are lent, in order."""
        return sorted(self.roles)

    @property
    def voice(self) -> Voice:
        """The voice that is lent."""
        return Voice(self.person, self.roles)


def lendable(roles: frozenset[str]) -> frozenset[str]:
    """Return the roles that a deputy gets: an administrator's say in everything is not among them."""
    return roles - {EVERY_ROLE}


def check_delegation(person: str, deputy: str, first_day: date, last_day: date, today: date) -> None:
    """Refuse a delegation that gives nothing, or that nobody would remember."""
    if deputy == person:
        raise DelegationInvalid(
            "a deputy is somebody else", field="deputy_id", cure="Name who decides while you are away."
        )
    if last_day < first_day:
        raise DelegationInvalid(
            "it ends before it begins", field="last_day", cure=f"Give {first_day} or later."
        )
    if last_day < today:
        raise DelegationInvalid("it is over already", field="last_day", cure=f"Give {today} or later.")
    if last_day - first_day >= LONGEST:
        raise DelegationInvalid(
            f"it lasts longer than {LONGEST.days} days", field="last_day", cure="Give an earlier day."
        )
