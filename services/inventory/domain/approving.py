"""What of inventory may need an approval: which documents, and what they say to a flow."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.approvals.conditions import Facts, Fields
from libs.common.errors import Refused
from libs.common.money import Money
from services.inventory.domain.purchase import PurchaseOrder
from services.inventory.domain.requisition import Requisition

REQUISITION = "purchase_requisition"
PURCHASE = "purchase_order"
_BOUGHT: Fields = {
    "amount": "money",
    "currency": "text",
    "supplier_id": "text",
    "warehouse_id": "text",
    "item_id": "text",
    "item_category": "text",
}
REQUISITION_FIELDS: Fields = {**_BOUGHT, "value_unknown": "flag", "origin": "text"}
PURCHASE_FIELDS: Fields = _BOUGHT


class ApprovalPending(Refused):
    """It waits for its approval: nobody lets it go on but those who are asked."""

    code = "approval_pending"
    usual_cure = "let those who are asked decide, at /inventory-approvals, or withdraw the question"


def facts_of_requisition(each: Requisition, category: str | None, value: Money | None) -> Facts:
    """Return what a requisition says; ``value`` is what it would cost, if the supplier's price is known."""
    return {
        "amount": value,
        "value_unknown": value is None,
        "currency": None if value is None else value.currency,
        "supplier_id": each.supplier_id,
        "warehouse_id": each.warehouse_id,
        "item_id": each.item_id,
        "item_category": category,
        "origin": each.origin,
    }


def facts_of_purchase(each: PurchaseOrder, categories: Iterable[str | None]) -> Facts:
    """Return what a purchase order says; of its items it says several."""
    return {
        "amount": each.total,
        "currency": each.total.currency,
        "supplier_id": each.supplier_id,
        "warehouse_id": each.warehouse_id,
        "item_id": each.item_ids,
        "item_category": tuple(sorted({name for name in categories if name is not None})),
    }
