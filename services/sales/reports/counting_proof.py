"""Counting every order once more: what it counts for in the figures is what its document says now."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, exists, or_, select

from services.sales.domain.counting import COUNTING, CountedLine, CountedOrder, counted
from services.sales.store import orders
from services.sales.store.figure_tables import counted_line, counted_order
from services.sales.store.tables import sales_order

AT_ONCE = 500
_FIRST = "00000000-0000-0000-0000-000000000000"
_NOTHING = CountedOrder(0, ())
_LINE = tuple(counted_line.c[name] for name in CountedLine.__slots__)


def orders_counted_wrong(connection: Connection) -> Iterator[str]:
    """Give the id of each order that counts for something else than it is worth."""
    after = _FIRST
    while found := _some(connection, after):
        kept = _kept(connection, found)
        for order in orders.as_they_are(connection, found):
            if kept.get(order.id, _NOTHING) != _in_order(counted(order)):
                yield order.id
        after = found[-1]


def _some(connection: Connection, after: str) -> list[str]:
    is_kept = exists().where(counted_order.c.order_id == sales_order.c.id)
    query = select(sales_order.c.id).where(
        sales_order.c.id > after, or_(sales_order.c.state.in_(COUNTING), is_kept)
    )
    return list(connection.execute(query.order_by(sales_order.c.id).limit(AT_ONCE)).scalars())


def _kept(connection: Connection, order_ids: list[str]) -> dict[str, CountedOrder]:
    lines: dict[str, list[CountedLine]] = {}
    query = select(counted_line.c.order_id, *_LINE).where(counted_line.c.order_id.in_(order_ids))
    for order_id, *values in connection.execute(query):
        lines.setdefault(order_id, []).append(CountedLine(*values))
    heads = select(counted_order).where(counted_order.c.order_id.in_(order_ids))
    found = {}
    for row in connection.execute(heads):
        of_lines = _in_order(CountedOrder(row.orders, tuple(lines.get(row.order_id, ()))))
        sums = (row.net_minor, row.costed_minor, row.cost_minor)
        agrees = sums == (of_lines.net_minor, of_lines.costed_minor, of_lines.cost_minor)
        # One whose own sums contradict its lines is like no order, so it is told.
        found[row.order_id] = of_lines if agrees else CountedOrder(-1, ())
    return found


def _in_order(order: CountedOrder) -> CountedOrder:
    return CountedOrder(order.orders, tuple(sorted(order.lines, key=lambda line: line.line_id)))
