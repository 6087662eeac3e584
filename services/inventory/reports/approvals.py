"""Approvals of inventory's documents: their kinds, what is called how, what past ones say, and who reads them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, true

from libs.common.approvals import DocumentKind, Label, PastDocument, Readable
from services.inventory.domain.approving import (
    PURCHASE,
    PURCHASE_FIELDS,
    REQUISITION,
    REQUISITION_FIELDS,
    facts_of_purchase,
    facts_of_requisition,
)
from services.inventory.domain.counting import DOCUMENT as COUNT
from services.inventory.domain.counting import FIELDS as COUNT_FIELDS
from services.inventory.domain.counting import Worth, facts_of
from services.inventory.domain.supply import amount_of, price_for
from services.inventory.store import count_rules, counts, items, purchase_orders, requisitions, supply
from services.inventory.store.count_tables import stock_count
from services.inventory.store.purchase_tables import purchase_order, requisition

LABELS: Mapping[str, Label] = {
    "amount": Label("Amount", "金额"),
    "absolute_value": Label("Value of the differences", "差异金额"),
    "value_unknown": Label("Nobody knows the value", "金额未知"),
    "currency": Label("Currency", "币种"),
    "supplier_id": Label("Supplier", "供应商"),
    "warehouse_id": Label("Warehouse", "仓库"),
    "item_id": Label("Item", "物料"),
    "item_category": Label("Item category", "物料类别"),
    "origin": Label("What brought it about", "来源"),
}
_BY_OTHERS = {count_rules.FLOW: "set the tolerance at PUT /api/v1/stock-count-rules"}


def readable(*, reads_all: bool) -> Readable | None:
    """Return which approvals somebody may read whoever was asked."""
    return true() if reads_all else None


def _requisitions(connection: Connection, most: int) -> list[PastDocument]:
    """Return the last requisitions, valued at the supplier's price of the day on which each was raised."""
    rows = connection.execute(select(requisition).order_by(requisition.c.id.desc()).limit(most)).all()
    found = [(requisitions.of_row(row), row.created_at.date()) for row in rows]
    known = items.known(connection, {each.item_id for each, _ in found})
    suppliers = {each.supplier_id for each, _ in found if each.supplier_id is not None}
    prices = {one: supply.prices(connection, one, list(known)) for one in sorted(suppliers)}
    past = []
    for each, day in found:
        asked = [price for price in prices.get(each.supplier_id or "", ()) if price.item_id == each.item_id]
        price = price_for(asked, each.quantity, day)
        value = None if price is None else amount_of(each.quantity, price, "last")
        facts = facts_of_requisition(each, known[each.item_id].category, value)
        authors = frozenset({each.requested_by} if each.requested_by else ())
        past.append(PastDocument(REQUISITION, each.id, each.number, facts, authors))
    return past


def _purchases(connection: Connection, most: int) -> list[PastDocument]:
    rows = connection.execute(select(purchase_order).order_by(purchase_order.c.id.desc()).limit(most)).all()
    lines = purchase_orders.lines_of(connection, {row.id: row.currency for row in rows})
    found = [purchase_orders.of_row(row, lines[row.id]) for row in rows]
    known = items.known(connection, {item_id for each in found for item_id in each.item_ids})
    return [
        PastDocument(
            PURCHASE,
            each.id,
            each.number,
            facts_of_purchase(each, (known[item_id].category for item_id in each.item_ids)),
            frozenset({each.drafted_by} if each.drafted_by else ()),
        )
        for each in found
    ]


def _counts(connection: Connection, most: int) -> list[PastDocument]:
    closed = stock_count.c.state.in_(("pending_approval", "posted"))
    query = select(*counts.COLUMNS).where(closed).order_by(stock_count.c.id.desc()).limit(most)
    rows = connection.execute(query).all()
    lines = counts.lines_of(connection, [row.id for row in rows])
    counted_by = counts.counters_of(connection, [row.id for row in rows])
    tolerance = count_rules.current(connection).tolerance
    past = []
    for row in rows:
        each = counts.from_row(row, lines[row.id])
        facts = facts_of(each, Worth(each.absolute_value, each.net_value), tolerance)
        authors = counted_by.get(each.id, frozenset()) | {each.opened_by}
        past.append(PastDocument(COUNT, each.id, each.number, facts, authors))
    return past


KINDS = (
    DocumentKind(COUNT, Label("Stock count", "盘点单"), COUNT_FIELDS, LABELS, _counts, _BY_OTHERS),
    DocumentKind(
        REQUISITION, Label("Purchase requisition", "采购申请"), REQUISITION_FIELDS, LABELS, _requisitions
    ),
    DocumentKind(PURCHASE, Label("Purchase order", "采购订单"), PURCHASE_FIELDS, LABELS, _purchases),
)
