"""Changes of orders, and how an applied one is written into its order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, null, select, update

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from services.sales.domain.change_lines import from_data, to_data
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.order_change import OPEN, LineChange, OrderChange
from services.sales.store import orders
from services.sales.store.change_tables import order_change, order_change_line
from services.sales.store.lines import cost_values, kept_values, tax_values
from services.sales.store.tables import quotation, quotation_line, sales_order, sales_order_line

_HEAD = (
    "id", "order_id", "no", "number", "state", "reason", "based_on", "currency", "promised_before", "promised_after",
    "may_wait", "outcome", "detail", "figures", "approval_id", "created_by", "created_at", "ended_at", "version",
)  # fmt: skip
_AMOUNTS = ("total_before", "total_after", "tax_before", "tax_after")
_CHANGING = ("state", "outcome", "detail", "figures", "ended_at", "approval_id")


def add(tx: Transaction, new: OrderChange) -> None:
    """Store a new change; a second open one of its order breaks a constraint."""
    values: dict[str, Any] = {name: getattr(new, name) for name in _HEAD}
    values |= {f"{name}_minor": getattr(new, name).minor for name in _AMOUNTS}
    tx.connection.execute(insert(order_change).values(**values))
    if new.lines:
        tx.connection.execute(insert(order_change_line), [_line_values(new.id, each) for each in new.lines])


def _line_values(change_id: str, each: LineChange) -> dict[str, Any]:
    return {
        "change_id": change_id,
        "line_no": each.line.line_no,
        "order_line_id": each.line.id,
        "before": null() if each.before is None else to_data(each.before),
        "after": null() if each.after is None else to_data(each.after),
        "price_trace": null() if each.trace is None else dict(each.trace),
    }


def save(tx: Transaction, changed: OrderChange) -> OrderChange:
    """Store what became of a locked change as its next version, and return that."""
    this = (order_change.c.id == changed.id) & (order_change.c.version == changed.version)
    values = {name: getattr(changed, name) for name in _CHANGING}
    values["figures"] = null() if changed.figures is None else dict(changed.figures)
    stored = update(order_change).where(this).values(**values, version=changed.version + 1)
    if tx.connection.execute(stored).rowcount != 1:
        raise VersionMismatch(f"{changed.number} was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def find(connection: Connection, change_id: str, *, lock: bool = False) -> OrderChange | None:
    """Return a change with its lines, or nothing; ``lock`` keeps it to this transaction."""
    return _one(connection, select(order_change).where(order_change.c.id == change_id), lock=lock)


def open_of(connection: Connection, order_id: str) -> OrderChange | None:
    """Return the change of an order that is not decided yet, or nothing."""
    query = select(order_change).where(order_change.c.order_id == order_id, order_change.c.state.in_(OPEN))
    return _one(connection, query)


def numbered(connection: Connection, order_id: str, no: int) -> OrderChange | None:
    """Return the change of an order that has this number, or nothing."""
    return _one(
        connection, select(order_change).where(order_change.c.order_id == order_id, order_change.c.no == no)
    )


def _one(connection: Connection, query: Select[Any], *, lock: bool = False) -> OrderChange | None:
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else with_lines(connection, [row])[0]


def with_lines(connection: Connection, rows: Sequence[Row[Any]]) -> list[OrderChange]:
    """Return the changes in rows of their table, with their lines in order."""
    lines: dict[str, list[LineChange]] = {}
    wanted = order_change_line.c.change_id.in_([row.id for row in rows])
    query = select(order_change_line).where(wanted).order_by(order_change_line.c.line_no)
    for line in connection.execute(query):
        lines.setdefault(line.change_id, []).append(_line(line))
    return [_change(row, tuple(lines.get(row.id, ()))) for row in rows]


def _line(row: Row[Any]) -> LineChange:
    before, after = (None if data is None else from_data(data) for data in (row.before, row.after))
    return LineChange(before, after, row.price_trace)


def _change(row: Row[Any], lines: tuple[LineChange, ...]) -> OrderChange:
    values: dict[str, Any] = {name: getattr(row, name) for name in _HEAD}
    for name in _AMOUNTS:
        values[name] = Money(getattr(row, f"{name}_minor"), row.currency)
    return OrderChange(**values, lines=lines)


def next_no(connection: Connection, order_id: str) -> int:
    """Return the number of the next change of a locked order."""
    query = select(func.coalesce(func.max(order_change.c.no), 0)).where(order_change.c.order_id == order_id)
    return int(connection.execute(query).scalar_one()) + 1


def last_line_no(connection: Connection, order: Order) -> int:
    """Return the highest number that a line of an order ever had, or had on its quotation: none is given twice."""
    own = max((line.line_no for line in order.lines), default=0)
    changed = (
        select(func.max(order_change_line.c.line_no))
        .join(order_change, order_change.c.id == order_change_line.c.change_id)
        .where(order_change.c.order_id == order.id)
    )
    quoted = select(func.max(quotation_line.c.line_no)).where(
        quotation_line.c.quotation_id == order.quotation_id
    )
    found = (connection.execute(query).scalar_one_or_none() for query in (changed, quoted))
    return max(own, *(int(number or 0) for number in found))


def channel_of(connection: Connection, order: Order) -> str | None:
    """Return the channel by which an order came."""
    query = select(quotation.c.channel).where(quotation.c.id == order.quotation_id)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def overridden(connection: Connection, order: Order) -> set[int]:
    """Return the numbers of the lines whose price somebody set by hand, as the order stands."""
    source = quotation_line.c.price_trace["source"].as_string()
    quoted = select(quotation_line.c.line_no).where(
        quotation_line.c.quotation_id == order.quotation_id, source == "override"
    )
    found = set(connection.execute(quoted).scalars())
    applied = (
        select(order_change_line.c.line_no, order_change_line.c.price_trace)
        .join(order_change, order_change.c.id == order_change_line.c.change_id)
        .where(order_change.c.order_id == order.id, order_change.c.state == "applied")
        .order_by(order_change.c.no)
    )
    for row in connection.execute(applied):
        if row.price_trace is not None:
            (found.add if row.price_trace["source"] == "override" else found.discard)(row.line_no)
    return found & {line.line_no for line in order.lines}


def write(tx: Transaction, before: Order, after: Order, lines: Iterable[LineChange]) -> Order:
    """Write a change into a locked order: its lines, its sums and its promise; return its next version."""
    now = {line.id: line for line in after.lines}
    for each in lines:
        if each.after is None:
            tx.connection.execute(delete(sales_order_line).where(sales_order_line.c.id == each.line.id))
        elif each.before is None:
            tx.connection.execute(insert(sales_order_line).values(**orders.line_values(after.id, each.after)))
        else:
            _rewrite(tx, now[each.line.id])
    tx.connection.execute(
        update(sales_order)
        .where(sales_order.c.id == after.id)
        .values(
            promised_on=after.promised_on,
            tax_minor=after.tax_minor,
            rounding_e11=after.rounding_e11,
            lines_rounded=after.lines_rounded,
            total_minor=after.total.minor,
        )
    )
    return orders.save(tx, after)


def _rewrite(tx: Transaction, line: OrderLine) -> None:
    changed = update(sales_order_line).where(sales_order_line.c.id == line.id)
    tx.connection.execute(
        changed.values(
            quantity_milli=line.quantity,
            unit_price_e4=line.unit_price.e4,
            discount_bp=line.discount_bp,
            amount_minor=line.amount.minor,
            promotion_minor=line.promotion.minor,
            **cost_values(line),
            **tax_values(line.tax),
            **kept_values(line.kept),
        )
    )
