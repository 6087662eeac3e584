"""What is asked, decided and escalated before a quotation may go out."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@dataclass(frozen=True)
class AskedStepTold:
    """A question that waits now: who may answer it, and how many different people must say yes."""

    step: int
    name: str
    people_needed: int
    roles: tuple[str, ...]
    users: tuple[str, ...]


@event("sales.quotation.approval_requested.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalRequested:
    """The quotation is not sent before those whom ``flows`` name have approved it; ``open_steps`` are asked now."""

    quotation_id: str
    number: str
    approval_id: str
    customer_id: str
    total: Money
    requested_by: str
    flows: tuple[str, ...]
    open_steps: tuple[AskedStepTold, ...]


@event("sales.quotation.approved.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApproved:
    """Enough people approved; the last of them was ``approved_by``, maybe as the deputy of ``on_behalf_of``."""

    quotation_id: str
    number: str
    approval_id: str
    approved_by: str
    on_behalf_of: str | None = None


@event("sales.quotation.rejected.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationRejected:
    """Somebody who was asked said no, and why; the quotation is a draft again."""

    quotation_id: str
    number: str
    approval_id: str
    rejected_by: str
    reason: str
    on_behalf_of: str | None = None


@event("sales.quotation.approval_withdrawn.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalWithdrawn:
    """Who asked for the approval took the question back; the quotation is a draft again."""

    quotation_id: str
    number: str
    approval_id: str
    withdrawn_by: str


@event("sales.quotation.approval_escalated.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalEscalated:
    """Nobody answered a step in its time: the role ``asked_too`` may answer it as well."""

    quotation_id: str
    number: str
    approval_id: str
    step: int
    name: str
    asked_too: str
