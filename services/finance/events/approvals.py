"""What needs a second person, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.approval.requested.v1", key="document_id")
@dataclass(frozen=True)
class ApprovalRequested:
    """A document of finance waits for a yes. ``document`` says of which kind it is, ``steps`` who is asked first."""

    approval_id: str
    document: str
    document_id: str
    number: str
    customer_id: str
    amount: Money
    requested_by: str
    steps: tuple[str, ...]


@event("finance.approval.ended.v1", key="document_id")
@dataclass(frozen=True)
class ApprovalEnded:
    """It was approved, rejected, withdrawn, or its document was over (``lapsed``); by whom, and why."""

    approval_id: str
    document: str
    document_id: str
    number: str
    state: str
    by: str
    on_behalf_of: str | None = None
    comment: str | None = None


@event("finance.approval.escalated.v1", key="document_id")
@dataclass(frozen=True)
class ApprovalEscalated:
    """Nobody answered a step in its time; a further role is asked."""

    approval_id: str
    document: str
    document_id: str
    number: str
    step: int
    name: str
    role: str
