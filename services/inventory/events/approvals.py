"""What of inventory waits for a yes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("inventory.approval.requested.v1", key="document_id")
@dataclass(frozen=True)
class ApprovalRequested:
    """What is to be bought waits for a yes. ``document`` says of which kind it is, ``steps`` who is asked first."""

    approval_id: str
    document: str
    document_id: str
    number: str
    requested_by: str
    steps: tuple[str, ...]
    amount: Money | None = None


@event("inventory.approval.ended.v1", key="document_id")
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


@event("inventory.approval.escalated.v1", key="document_id")
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
