"""What inventory's documents do about their approvals: counts, requisitions and purchase orders."""

from __future__ import annotations

from libs.common.approvals import Reaction, Reactions
from services.inventory.domain.approving import PURCHASE, REQUISITION
from services.inventory.domain.counting import DOCUMENT as COUNT
from services.inventory.use_cases.approving import tell_ended, tell_escalated
from services.inventory.use_cases.count_stock import count_approved, count_rejected, lock_count
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
