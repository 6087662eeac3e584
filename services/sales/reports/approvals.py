"""Approvals of quotations and of changes of orders: which somebody may read, and what the past says to a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, exists, or_, select, true

from libs.common import forms
from libs.common.approvals import DocumentKind, Facts, Label, OwnFact, PastDocument, Readable, own_facts
from libs.common.approvals.tables import approval
from services.sales.domain import order_change as order_change_rules
from services.sales.domain.amounts import percent
from services.sales.domain.approval import CUSTOMER, DOCUMENT, FIELDS, ITEM
from services.sales.domain.order_type import STANDARD
from services.sales.store import quotation_facts
from services.sales.store.change_tables import order_change
from services.sales.store.tables import customer, quotation, sales_order
from services.sales.store.teams import SIGHT

ORDER_CHANGE = order_change_rules.DOCUMENT
LABELS: Mapping[str, Label] = {
    "total": Label("Total", "总额"),
    "currency": Label("Currency", "币种"),
    "largest_discount": Label("Largest discount of a line", "行最大折扣"),
    "margin_percent": Label("Margin", "毛利率"),
    "price_overridden": Label("A price was set by hand", "手工改价"),
    "customer_id": Label("Customer", "客户"),
    "owner_id": Label("The customer's salesperson", "客户负责人"),
    "order_type": Label("Order type", "订单类型"),
}


def readable(reads_quotations: bool, only_owner: str | None) -> Readable | None:
    """Return which approvals somebody may read because he reads their documents, maybe ``only_owner``'s."""
    if not reads_quotations:
        return None
    if only_owner is None:
        return true()
    owned = select(quotation.c.id).join(customer, customer.c.id == quotation.c.customer_id)
    changed = select(order_change.c.id).join(sales_order, sales_order.c.id == order_change.c.order_id)
    changed = changed.join(customer, customer.c.id == sales_order.c.customer_id)
    is_own = SIGHT.holds(customer.c.owner_id, only_owner)
    return or_(
        exists(owned.where(quotation.c.id == approval.c.document_id, is_own)),
        exists(changed.where(order_change.c.id == approval.c.document_id, is_own)),
    )


def as_shown(facts: Facts) -> Mapping[str, Any]:
    """Return what a quotation said, its discount as a percentage; one from before order types was standard."""
    discount = percent(int(facts["largest_discount"] or 0))  # type: ignore[arg-type]
    return {"order_type": STANDARD, **facts, "largest_discount_percent": discount}


def _last(connection: Connection, most: int) -> list[PastDocument]:
    found = quotation_facts.of_last(connection, most)
    authors = quotation_facts.authors(connection, [each.id for each in found])
    return [PastDocument(DOCUMENT, each.id, each.number, each.facts, authors[each.id]) for each in found]


def _own(connection: Connection) -> list[OwnFact]:
    """Return what the company's own forms let a flow ask: of the quotation, its customer and its items."""
    return [
        *own_facts(forms.current(connection, DOCUMENT)),
        *own_facts(forms.current(connection, CUSTOMER), f"{CUSTOMER}.", LABELS["customer_id"]),
        *own_facts(forms.current(connection, ITEM), f"{ITEM}.", Label("Item", "物料")),
    ]


QUOTATION = DocumentKind(DOCUMENT, Label("Quotation", "报价单"), FIELDS, LABELS, _last, own=_own)
