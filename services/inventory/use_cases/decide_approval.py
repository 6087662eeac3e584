"""What inventory's documents do about their approvals: counts, requisitions and purchase orders."""

from __future__ import annotations

from typing import Literal

from libs.common.approvals import AboutApproval, DecideApproval, Reaction, Reactions, Sight, decide_approval
from libs.common.db import Transaction
from services.inventory.domain.approving import PURCHASE, REQUISITION
from services.inventory.domain.counting import DOCUMENT as COUNT
from services.inventory.domain.counting import StockCount
from services.inventory.store import counts
from services.inventory.use_cases.approving import tell_ended, tell_escalated
from services.inventory.use_cases.count_stock import (
    AboutCount,
    approval_of_count,
    count_approved,
    count_rejected,
    lock_count,
)
from services.inventory.use_cases.purchase_orders import (
    lock_purchase,
    purchase_approved,
    purchase_stays_draft,
)
from services.inventory.use_cases.requisitions import (
    lock_requisition,
    requisition_approved,
    requisition_rejected,
    requisition_stays_open,
)

REACTIONS: Reactions = {
    COUNT: Reaction(lock_count, count_approved, count_rejected, count_rejected, tell_escalated, tell_ended),
    REQUISITION: Reaction(
        lock_requisition,
        requisition_approved,
        requisition_rejected,
        requisition_stays_open,
        tell_escalated,
        tell_ended,
    ),
    PURCHASE: Reaction(
        lock_purchase,
        purchase_approved,
        purchase_stays_draft,
        purchase_stays_draft,
        tell_escalated,
        tell_ended,
    ),
}


def decide_count(
    tx: Transaction,
    about: AboutCount,
    sight: Sight,
    verdict: Literal["approved", "rejected"],
    comment: str | None,
) -> StockCount:
    """Decide on what a count waits for, by the count's own address: the same decision, with deputies and reactions."""
    of_approval = AboutApproval(approval_of_count(tx, about), sight)
    decide_approval(tx, DecideApproval(of_approval, verdict, comment=comment), REACTIONS, about.today)
    decided = counts.find(tx.connection, about.count_id)
    assert decided is not None, "it is kept to this transaction"
    return decided
