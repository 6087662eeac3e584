"""A lead: somebody who may become a customer, from the first word to qualified, disqualified or merged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from services.crm.domain.identity import Key, keys_of
from services.crm.domain.lead_errors import LeadNotFound, LeadStateRefuses, MergeWrong
from services.crm.domain.sight import Owners, within

State = Literal["open", "qualified", "disqualified", "merged"]
Reason = Literal[
    "no_need", "no_budget", "unreachable", "competitor", "not_serious", "too_small", "spam", "other"
]
STATES: tuple[State, ...] = get_args(State)
REASONS: tuple[Reason, ...] = get_args(Reason)
NUMBER_DIGITS = 6
_FILLED = (
    "person", "email", "phone", "country", "region", "city", "employees", "source", "campaign_id", "owner_id", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Lead:
    """Somebody who may become a customer; ``owner_id`` is the salesperson, ``None`` while nobody has it.

    ``employees`` is how big the company is. ``customer_id``, ``contact_id`` and ``opportunity_id`` are what it became.
    """

    id: str
    number: str
    company_name: str
    created_by: str
    created_at: datetime
    person: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    employees: int | None = None
    source: str | None = None
    campaign_id: str | None = None
    owner_id: str | None = None
    note: str | None = None
    state: State = "open"
    reason: Reason | None = None
    detail: str | None = None
    merged_into_id: str | None = None
    customer_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    web_form_id: str | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def keys(self) -> set[Key]:
        """By what it is known again."""
        return keys_of(company=self.company_name, email=self.email, phone=self.phone)


def lead_number(count: int) -> str:
    """Return the ``count``-th number: L-000001, L-000002 ..."""
    return f"L-{count:0{NUMBER_DIGITS}d}"


def visible_lead(found: Lead | None, owners: Owners, field: str = "lead_id") -> Lead:
    """Return the lead if the caller may know of it, else refuse as if there were none."""
    if found is None or not within(found.owner_id, owners):
        raise LeadNotFound("there is no such lead", field=field)
    return found


def require_open(lead: Lead, passive: str) -> None:
    """Refuse what can only be done while nothing is decided."""
    if lead.state != "open":
        raise LeadStateRefuses(
            f"{lead.number} is {lead.state}: it cannot be {passive}",
            cure="work with what it became"
            if lead.state in ("qualified", "merged")
            else "register another lead",
            state=lead.state,
            customer_id=lead.customer_id,
            opportunity_id=lead.opportunity_id,
            merged_into_id=lead.merged_into_id,
        )


def disqualified(lead: Lead, reason: Reason, detail: str | None, now: datetime) -> Lead:
    """Return it as it will not become a customer, for ``reason``."""
    require_open(lead, "disqualified")
    return replace(lead, state="disqualified", reason=reason, detail=detail, closed_at=now)


def qualified(
    lead: Lead, customer_id: str, contact_id: str | None, opportunity_id: str, now: datetime
) -> Lead:
    """Return it as it became a customer with an opportunity."""
    require_open(lead, "qualified")
    became = {"customer_id": customer_id, "contact_id": contact_id, "opportunity_id": opportunity_id}
    return replace(lead, state="qualified", closed_at=now, **became)  # type: ignore[arg-type]


def merged(kept: Lead, gone: Lead, now: datetime) -> tuple[Lead, Lead]:
    """Return ``kept`` with what only ``gone`` knew, and ``gone`` as merged into it; both must be open."""
    if kept.id == gone.id:
        raise MergeWrong("a lead cannot be merged into itself", field="lead_id")
    require_open(kept, "merged")
    require_open(gone, "merged")
    known = {
        name: getattr(kept, name) if getattr(kept, name) is not None else getattr(gone, name)
        for name in _FILLED
    }
    return replace(kept, **known), replace(gone, state="merged", merged_into_id=kept.id, closed_at=now)
