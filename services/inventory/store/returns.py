"""Returns with their lines, and how much of each shipped line is to come back or came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, insert, select, type_coerce, update

from libs.common.db import Transaction, Upsert
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.returns import AskingTicket, GoodsReturn, ReturnedLine
from services.inventory.store.tables import goods_return, goods_return_line, returned_part

_HEAD = (
    "id", "number", "delivery_id", "delivery_number", "order_id", "order_number", "customer_id", "correlation_id",
    "state", "reason", "answer", "warehouse_id", "received_on", "version",
)  # fmt: skip
_TICKET = tuple(field.name for field in fields(AskingTicket))
_COLUMNS = tuple(goods_return.c[name] for name in (*_HEAD, *_TICKET))
_RETURNED = type_coerce(returned_part.c.returned_milli, BigInteger)
_SHIPPED = type_coerce(returned_part.c.shipped_milli, BigInteger)


def _take_more(given: Any) -> Any:
    """Add to what comes back of a shipped part, if that much of it was shipped and has not come back."""
    more = _RETURNED + type_coerce(given.excluded.returned_milli, BigInteger)
    return given.on_conflict_do_update(
        index_elements=["delivery_id", "order_line_id", "lot"],
        set_={"returned_milli": more},
        where=more <= _SHIPPED,
    ).returning(returned_part.c.lot)


_TAKE = Upsert(returned_part, _take_more)


def take(connection: Connection, delivery_id: str, line: ReturnedLine, shipped: Quantity) -> bool:
    """Count a line of a new return by one statement; false when less than it says is left to come back.

    Two returns of one shipped part meet on its row: the second sees what the first has taken.
    """
    if line.quantity > shipped:
        return False
    values = {
        "delivery_id": delivery_id,
        "order_line_id": line.order_line_id,
        "lot": line.lot,
        "shipped_milli": shipped,
        "returned_milli": line.quantity,
    }
    return connection.execute(_TAKE.on(connection), values).first() is not None


def give_back(connection: Connection, delivery_id: str, line: ReturnedLine, quantity: Quantity) -> None:
    """Let ``quantity`` of a line be asked for again, because it does not come back."""
    part = returned_part.c
    connection.execute(
        update(returned_part)
        .where(
            part.delivery_id == delivery_id, part.order_line_id == line.order_line_id, part.lot == line.lot
        )
        .values(returned_milli=_RETURNED - quantity.milli)
    )


def left(connection: Connection, delivery_id: str, line: ReturnedLine, shipped: Quantity) -> Quantity:
    """Return how much of the shipped part has not come back and is not announced."""
    part = returned_part.c
    query = select(part.returned_milli).where(
        part.delivery_id == delivery_id, part.order_line_id == line.order_line_id, part.lot == line.lot
    )
    taken: Quantity | None = connection.execute(query).scalar_one_or_none()
    return shipped - (taken or Quantity.zero())


def add(tx: Transaction, new: GoodsReturn) -> None:
    """Store a new return with its lines."""
    head = {name: getattr(new, name) for name in _HEAD} | (vars(new.ticket) if new.ticket else {})
    tx.connection.execute(insert(goods_return).values(**head, created_at=tx.now, updated_at=tx.now))
    lines = [vars(line) for line in new.lines]
    tx.connection.execute(insert(goods_return_line), [_line_values(new.id, line) for line in lines])


def _line_values(return_id: str, line: dict[str, Any]) -> dict[str, Any]:
    names = ("quantity", "received", "restocked", "scrapped")
    plain = {name: value for name, value in line.items() if name not in (*names, "cost")}
    return plain | {"return_id": return_id} | {f"{name}_milli": line[name] for name in names}


def find(connection: Connection, return_id: str, *, lock: bool = False) -> GoodsReturn | None:
    """Return a return with its lines, or nothing; ``lock`` keeps it to this transaction."""
    query = select(*_COLUMNS).where(goods_return.c.id == return_id)
    head = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if head is None:
        return None
    lines = select(goods_return_line).where(goods_return_line.c.return_id == return_id)
    rows = connection.execute(lines.order_by(goods_return_line.c.line_no))
    plain = {name: getattr(head, name) for name in _HEAD}
    asking = None if head.request_id is None else AskingTicket(*(getattr(head, name) for name in _TICKET))
    return GoodsReturn(**plain, lines=tuple(_line(row) for row in rows), ticket=asking)


def is_requested(connection: Connection, request_id: str) -> bool:
    """Tell whether there is a return for what was wanted from a ticket."""
    query = select(goods_return.c.id).where(goods_return.c.request_id == request_id)
    return connection.execute(query).one_or_none() is not None


def coming_back(connection: Connection, delivery_id: str) -> dict[tuple[str, str], Quantity]:
    """Return how much of each part of a delivery is announced or came back, by order line and lot."""
    part = returned_part.c
    rows = connection.execute(select(returned_part).where(part.delivery_id == delivery_id))
    return {(row.order_line_id, row.lot): row.returned_milli for row in rows}


def _line(row: Row[Any]) -> ReturnedLine:
    return ReturnedLine(
        line_no=row.line_no,
        order_line_id=row.order_line_id,
        item_id=row.item_id,
        lot=row.lot,
        quantity=row.quantity_milli,
        received=row.received_milli,
        restocked=row.restocked_milli,
        scrapped=row.scrapped_milli,
        credit=row.credit,
        note=row.note,
        cost=None if row.cost_minor is None else Money(row.cost_minor, row.cost_currency),
    )


def save(tx: Transaction, before: GoodsReturn, after: GoodsReturn) -> None:
    """Store a changed return as its next version, with those of its lines that changed."""
    values = {name: getattr(after, name) for name in ("state", "answer", "warehouse_id", "received_on")}
    head = goods_return.c
    statement = (
        update(goods_return)
        .where(head.id == after.id, head.version == before.version)
        .values(**values, version=before.version + 1, updated_at=tx.now)
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"return {after.number} was changed meanwhile")
    for old, new in zip(before.lines, after.lines, strict=True):
        if new != old:
            _save_line(tx.connection, after.id, new)


def _save_line(connection: Connection, return_id: str, line: ReturnedLine) -> None:
    this = goods_return_line.c
    connection.execute(
        update(goods_return_line)
        .where(this.return_id == return_id, this.line_no == line.line_no)
        .values(
            received_milli=line.received,
            restocked_milli=line.restocked,
            scrapped_milli=line.scrapped,
            credit=line.credit,
            note=line.note,
            cost_minor=None if line.cost is None else line.cost.minor,
            cost_currency=None if line.cost is None else line.cost.currency,
        )
    )


def shipped_parts(lines: Iterable[Any]) -> dict[tuple[str, str], Quantity]:
    """Return what was shipped, by order line and lot."""
    return {(line.order_line_id, line.key.lot): line.quantity for line in lines}
