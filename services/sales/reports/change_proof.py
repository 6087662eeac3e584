"""Going through every applied change once more: an order is its quotation and its changes, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from libs.common.quantity import Quantity
from services.sales.domain.change_lines import as_agreed
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.order_change import LineChange, OrderChange
from services.sales.domain.proof import disagreements
from services.sales.domain.quotation_line import QuotationLine
from services.sales.store import order_changes, orders
from services.sales.store.change_tables import order_change

AT_ONCE = 200
_FIRST = "00000000-0000-0000-0000-000000000000"


def changed_orders_that_disagree(connection: Connection) -> Iterator[str]:
    """Give the number of each applied change that its order, the change before it or its price trace contradicts."""
    after = _FIRST
    while found := _orders_with_changes(connection, after):
        for order_id in found:
            order = orders.find(connection, order_id)
            assert order is not None
            yield from _contradicted(order, _applied(connection, order_id))
        after = found[-1]


def _orders_with_changes(connection: Connection, after: str) -> list[str]:
    query = select(order_change.c.order_id).distinct()
    query = query.where(order_change.c.state == "applied", order_change.c.order_id > after)
    return list(connection.execute(query.order_by(order_change.c.order_id).limit(AT_ONCE)).scalars())


def _applied(connection: Connection, order_id: str) -> list[OrderChange]:
    query = select(order_change).where(order_change.c.order_id == order_id, order_change.c.state == "applied")
    return order_changes.with_lines(connection, connection.execute(query.order_by(order_change.c.no)).all())


def _contradicted(order: Order, changes: list[OrderChange]) -> Iterator[str]:
    known: dict[str, OrderLine | None] = {}
    total = changes[0].total_before
    for change in changes:
        told = all(known.get(each.line.id, each.before) == each.before for each in change.lines)
        priced = not any(True for each in change.lines for _ in _misprinted(each))
        if change.total_before != total or not (told and priced):
            yield change.number
        total = change.total_after
        known |= {each.line.id: each.after for each in change.lines}
    now = {line.id: as_agreed(line) for line in order.lines}
    if order.total != total or any(now.get(line_id) != line for line_id, line in known.items()):
        yield changes[-1].number


def _misprinted(each: LineChange) -> Iterator[str]:
    """Give what the line says otherwise than its trace does; a trace is of what had not left when it was made."""
    line = each.after
    if line is None or each.trace is None:
        return
    kept = line.kept
    rest = line.quantity - (kept.quantity if kept else Quantity.zero())
    amount = line.amount - kept.amount(line.tax) if kept else line.amount
    priced = QuotationLine(
        id=line.id,
        line_no=line.line_no,
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        uom=line.uom,
        quantity=rest,
        unit_price=line.unit_price,
        discount_bp=line.discount_bp,
        amount=amount,
        promotion=line.promotion,
        trace_data=each.trace,
    )
    yield from disagreements(priced)
