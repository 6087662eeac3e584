"""Sales orders with their lines and holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Row, bindparam, exists, insert, select, update

from libs.common.db import Prepared, Rewrite, Transaction, chunks
from libs.common.db.types import Milli
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.holds import Hold
from services.sales.domain.order import Order, OrderLine
from services.sales.store import holds
from services.sales.store.customers import SHOWN
from services.sales.store.lines import (
    KEPT,
    columns_of,
    cost_values,
    head_tax,
    head_tax_columns,
    head_tax_values,
    kept_of,
    kept_values,
    priced,
    tax_values,
    ticket_columns,
    ticket_of,
)
from services.sales.store.tables import customer, order_hold, sales_order, sales_order_line

HEAD = (
    "id",
    "number",
    "quotation_id",
    "customer_id",
    "currency",
    "conversation_id",
    "ordered_on",
    "promised_on",
    "state",
    "delivery_status",
    "billing_status",
    "payment_status",
    "rounding_e11",
    "lines_rounded",
    "cancel_requested_at",
    "cancel_reason",
    "cancel_detail",
    "created_by",
    "version",
    "order_type",
    "order_type_version",
)
_AMOUNTS = {"total": "total_minor", "invoiced": "invoiced_minor", "paid": "paid_minor"}
COLUMNS = (
    *(sales_order.c[name] for name in HEAD),
    *(sales_order.c[column] for column in _AMOUNTS.values()),
    *head_tax_columns(sales_order),
    *ticket_columns(sales_order),
)
_CHANGING = (
    "state",
    "delivery_status",
    "billing_status",
    "payment_status",
    "cancel_requested_at",
    "cancel_reason",
    "cancel_detail",
)
_THIS = sales_order.c.id == bindparam("of_id")
_LINE = columns_of(
    sales_order_line, "shipped_milli", "invoiced_milli", "given_up_milli", "not_invoiced_milli", *KEPT
)
_HEAD = select(*COLUMNS).join(customer, customer.c.id == sales_order.c.customer_id).where(_THIS, SHOWN)
_HEAD_ALONE = Prepared(_HEAD)
_HAS_HOLDS = exists().where(order_hold.c.order_id == bindparam("of_id"))
_FIND = Prepared(
    _HEAD.add_columns(*_LINE, _HAS_HOLDS.label("has_holds"))
    .join(sales_order_line, sales_order_line.c.order_id == sales_order.c.id)
    .order_by(sales_order_line.c.line_no)
)
_THESE: BindParameter[list[str]] = bindparam("of_ids", expanding=True)
_LOCK = Prepared(select(*COLUMNS).where(sales_order.c.id.in_(_THESE)).with_for_update())
# Not read beside the rows that are locked: while those wait for another transaction, the lines may move on.
_AS_THEY_ARE = Prepared(select(*COLUMNS).where(sales_order.c.id.in_(_THESE)))
_LINES = Prepared(select(sales_order_line.c.order_id, *_LINE).where(sales_order_line.c.order_id.in_(_THESE)))
_ADD = Prepared(insert(sales_order))
_ADD_LINES = Prepared(insert(sales_order_line))
_SAVE = Rewrite(sales_order, (*_CHANGING, *_AMOUNTS.values(), "version", "updated_at"))
_SET_PROGRESS = Prepared(
    update(sales_order_line)
    .where(sales_order_line.c.id == bindparam("b_id"))
    .values(
        shipped_milli=bindparam("b_shipped", type_=Milli),
        invoiced_milli=bindparam("b_invoiced", type_=Milli),
        given_up_milli=bindparam("b_given_up", type_=Milli),
        not_invoiced_milli=bindparam("b_not_invoiced", type_=Milli),
    )
)
_REST = sales_order_line.c.quantity_milli - sales_order_line.c.given_up_milli


def _all_through(progress: Column[Quantity]) -> Prepared:
    """Return the statement for the usual case that all that was left of an order comes through at once."""
    moved = (sales_order_line.c.order_id == bindparam("of_id")) & (progress != _REST)
    return Prepared(update(sales_order_line).where(moved).values({progress: _REST}))


_ALL_SHIPPED = _all_through(sales_order_line.c.shipped_milli)
_ALL_INVOICED = _all_through(sales_order_line.c.invoiced_milli)


def add(tx: Transaction, new: Order) -> None:
    """Store a new order with its lines; a second one for the same quotation breaks a constraint."""
    tx.connection.execute(_ADD, _head_values(tx, new))
    tx.connection.execute(_ADD_LINES, [line_values(new.id, line) for line in new.lines])
    tx.rooms[_room(new.id)] = new


def _room(order_id: str) -> str:
    """Return where a transaction keeps an order that it placed or locked itself, which need not be read again."""
    return f"order {order_id}"


def add_many(tx: Transaction, new: Sequence[Order]) -> None:
    """Store many new orders with their lines, in chunks; a number that is taken breaks a constraint."""
    for some in chunks(new):
        heads = [_head_values(tx, order) for order in some]
        tx.connection.execute(_ADD, heads)
    for lines in chunks(line_values(order.id, line) for order in new for line in order.lines):
        tx.connection.execute(_ADD_LINES, lines)


def _head_values(tx: Transaction, new: Order) -> dict[str, Any]:
    head = {name: getattr(new, name) for name in HEAD} | _amounts(new) | head_tax_values(new)
    return head | vars(new.ticket) | {"created_at": tx.now, "updated_at": tx.now}


def _amounts(order: Order) -> dict[str, int]:
    return {
        "total_minor": order.total.minor,
        "invoiced_minor": order.invoiced.minor,
        "paid_minor": order.paid.minor,
    }


def line_values(order_id: str, line: OrderLine) -> dict[str, Any]:
    """Return the columns of a line."""
    return {
        "id": line.id,
        "order_id": order_id,
        "line_no": line.line_no,
        "item_id": line.item_id,
        "sku": line.sku,
        "name": line.name,
        "uom": line.uom,
        "quantity_milli": line.quantity,
        "unit_price_e4": line.unit_price.e4,
        "discount_bp": line.discount_bp,
        "amount_minor": line.amount.minor,
        "shipped_milli": line.shipped,
        "invoiced_milli": line.invoiced,
        "given_up_milli": line.given_up,
        "not_invoiced_milli": line.not_invoiced,
        "promotion_minor": line.promotion.minor,
        **cost_values(line),
        **tax_values(line.tax),
        **kept_values(line.kept),
    }


def find(connection: Connection, order_id: str, only_owner: str | None = None) -> Order | None:
    """Return an order with its lines and holds, or nothing.

    One of a customer whom a salesperson who sees ``only_owner``'s customers may not know of is not found.
    """
    rows = connection.execute(_FIND, {"of_id": order_id, "only_owner": only_owner}).all()
    if not rows:
        return None
    held = holds.of_order(connection, order_id) if rows[0].has_holds else ()
    return from_row(rows[0], lines=_lines(rows, rows[0]), holds=held)


def head(connection: Connection, order_id: str, only_owner: str | None = None) -> Order | None:
    """Return an order without its lines and holds, or nothing; ``only_owner`` as in ``find``."""
    row = connection.execute(_HEAD_ALONE, {"of_id": order_id, "only_owner": only_owner}).one_or_none()
    return None if row is None else from_row(row)


def lock(tx: Transaction, order_id: str) -> Order | None:
    """Return an order with its lines, kept to this transaction until it ends, or nothing. Its holds are left out."""
    if _room(order_id) not in tx.rooms:
        lock_all(tx, [order_id])
    return _kept(tx, order_id)


def lock_all(tx: Transaction, order_ids: Iterable[str]) -> None:
    """Keep orders to this transaction until it ends, as far as there are any; ``lock`` then has them at hand."""
    wanted = sorted({order_id for order_id in order_ids if _room(order_id) not in tx.rooms})
    rows = tx.connection.execute(_LOCK, {"of_ids": wanted}).all() if wanted else ()
    for order in _with_lines(tx.connection, rows):
        tx.rooms[_room(order.id)] = order


def as_they_are(connection: Connection, order_ids: Iterable[str]) -> list[Order]:
    """Return orders with their lines but without their holds, as they are stored now; none is locked."""
    return _with_lines(connection, connection.execute(_AS_THEY_ARE, {"of_ids": sorted(order_ids)}).all())


def _with_lines(connection: Connection, rows: Sequence[Row[Any]]) -> list[Order]:
    lines: dict[str, list[Row[Any]]] = {row.id: [] for row in rows}
    if rows:
        for line in connection.execute(_LINES, {"of_ids": list(lines)}):
            lines[line.order_id].append(line)
    return [
        from_row(row, lines=_lines(sorted(lines[row.id], key=lambda line: int(line.line_no)), row))
        for row in rows
    ]


def lock_ahead(tx: Transaction, order_ids: Iterable[str]) -> None:
    """Lock orders that will be changed one by one; what becomes of them is written together.

    For a group of messages, which looks at an order only through ``lock`` once it has been saved.
    """
    wanted = set(order_ids)
    lock_all(tx, wanted)
    _ahead(tx).update(order_id for order_id in wanted if _kept(tx, order_id))


def _ahead(tx: Transaction) -> set[str]:
    ahead = tx.rooms.setdefault("orders locked ahead", set())
    assert isinstance(ahead, set)
    return ahead


def _kept(tx: Transaction, order_id: str) -> Order | None:
    found = tx.rooms.get(_room(order_id))
    return found if isinstance(found, Order) else None


def lock_head(tx: Transaction, order_id: str) -> Order | None:
    """Return an order, kept to this transaction until it ends, or nothing. Its holds are left out; lines may be."""
    found = _kept(tx, order_id)
    if found is not None:
        return found
    row = tx.connection.execute(_LOCK, {"of_ids": [order_id]}).one_or_none()
    return None if row is None else from_row(row)


def last_of(connection: Connection, customer_id: str) -> str | None:
    """Return the id of the customer's last order that was not cancelled, if there is one."""
    query = (
        select(sales_order.c.id)
        .where(sales_order.c.customer_id == customer_id, sales_order.c.state != "cancelled")
        .order_by(sales_order.c.id.desc())
        .limit(1)
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that an order has."""
    found: set[str] = set()
    for some in chunks(numbers):
        found |= set(
            connection.execute(select(sales_order.c.number).where(sales_order.c.number.in_(some))).scalars()
        )
    return found


def from_row(row: Row[Any], lines: tuple[OrderLine, ...] = (), holds: tuple[Hold, ...] = ()) -> Order:
    """Return the order in a row of ``COLUMNS``."""
    values: dict[str, Any] = {name: getattr(row, name) for name in HEAD}
    for name, column in _AMOUNTS.items():
        values[name] = Money(getattr(row, column), row.currency)
    return Order(**values, **head_tax(row), lines=lines, holds=holds, ticket=ticket_of(row))


def _lines(rows: Iterable[Row[Any]], head: Row[Any]) -> tuple[OrderLine, ...]:
    return tuple(_line(row, head) for row in rows)


def _line(row: Row[Any], head: Row[Any]) -> OrderLine:
    return OrderLine(
        **priced(row, head.currency, head.tax_prices),
        shipped=row.shipped_milli,
        invoiced=row.invoiced_milli,
        given_up=row.given_up_milli,
        kept=kept_of(row, head.currency),
        not_invoiced=row.not_invoiced_milli,
    )


def save(tx: Transaction, changed: Order) -> Order:
    """Store the head of a changed order as its next version, and return that.

    One that was locked ahead is stored before the commit, together with the others; then that it was changed
    meanwhile, ``VersionMismatch``, is told only there.
    """
    saved = replace(changed, version=changed.version + 1)
    if saved.lines:
        tx.rooms[_room(saved.id)] = saved
    if saved.id in _ahead(tx):
        tx.gather(_write, saved)
    else:
        _write(tx, [saved])
    return saved


def _write(tx: Transaction, saved: list[Order]) -> None:
    """Write what became of each order; one that was saved several times is so many versions on."""
    first = {order.id: order for order in reversed(saved)}
    last = {order.id: order for order in saved}
    rows = [
        _saved_values(tx, order) | {"read_version": first[order.id].version - 1} for order in last.values()
    ]
    if _SAVE.write(tx.connection, rows) != len(rows):
        raise VersionMismatch(f"{', '.join(order.number for order in last.values())}: changed meanwhile")


def _saved_values(tx: Transaction, order: Order) -> dict[str, Any]:
    values = {name: getattr(order, name) for name in ("id", "version", *_CHANGING)}
    return values | _amounts(order) | {"updated_at": tx.now}


def save_progress(tx: Transaction, before: Order, after: Order) -> None:
    """Store how far each line has come, where that changed."""
    if after.lines == before.lines:
        return
    if after.lines == tuple(replace(line, shipped=_rest(line)) for line in before.lines):
        tx.connection.execute(_ALL_SHIPPED, {"of_id": after.id})
    elif after.lines == tuple(replace(line, invoiced=_rest(line)) for line in before.lines):
        tx.connection.execute(_ALL_INVOICED, {"of_id": after.id})
    else:
        tx.connection.execute(_SET_PROGRESS, _changed(before.lines, after.lines))


def _rest(line: OrderLine) -> Quantity:
    return line.quantity - line.given_up


def _changed(before: Iterable[OrderLine], after: Iterable[OrderLine]) -> list[dict[str, Any]]:
    return [
        {
            "b_id": new.id,
            "b_shipped": new.shipped,
            "b_invoiced": new.invoiced,
            "b_given_up": new.given_up,
            "b_not_invoiced": new.not_invoiced,
        }
        for old, new in zip(before, after, strict=True)
        if old != new
    ]
