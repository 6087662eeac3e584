"""Goods that went back to suppliers: written once, and taken off what is received of the lines of their orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, case, insert, select, type_coerce, update

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.store import bought
from services.finance.store.payables_tables import bought_line
from services.finance.store.supplier_credit_tables import goods_sent_back, goods_sent_back_line


@dataclass(frozen=True)
class Row:
    """How much of a line went back, at the order's price, and by how much that changes what is carried of it."""

    line_no: int
    line_id: str
    quantity: Quantity
    value: Money
    carried: Money | None


def is_known(connection: Connection, return_id: str) -> bool:
    """Tell whether a return was booked."""
    query = select(goods_sent_back.c.return_id).where(goods_sent_back.c.return_id == return_id)
    return connection.execute(query).first() is not None


def supplier_of(connection: Connection, return_id: str) -> str | None:
    """Return whose goods went back with a return; ``None`` when it is not here."""
    query = select(goods_sent_back.c.supplier_id).where(goods_sent_back.c.return_id == return_id)
    return connection.execute(query).scalar_one_or_none()


def add(tx: Transaction, head: dict[str, object], lines: Sequence[Row]) -> None:
    """Store a return with its lines, and count them on the lines of the order, whose supplier is locked."""
    tx.connection.execute(insert(goods_sent_back).values(head | {"recorded_at": tx.now}))
    rows = [
        {
            "return_id": head["return_id"],
            "line_no": line.line_no,
            "line_id": line.line_id,
            "quantity_milli": line.quantity,
            "value_minor": line.value.minor,
        }
        for line in lines
    ]
    tx.connection.execute(insert(goods_sent_back_line), rows)
    for line in lines:
        _count(tx.connection, line)
        bought.carry(tx.connection, line.line_id, line.carried)


def _count(connection: Connection, line: Row) -> None:
    """Take off what came in; what was invoiced of it is that much more ahead of what is here."""
    received, invoiced, returned = (
        type_coerce(bought_line.c[name], BigInteger)
        for name in ("received_milli", "invoiced_milli", "returned_milli")
    )
    after = received - line.quantity.milli
    connection.execute(
        update(bought_line)
        .where(bought_line.c.line_id == line.line_id)
        .values(
            received_milli=after,
            returned_milli=returned + line.quantity.milli,
            received_minor=bought_line.c.received_minor - line.value.minor,
            over_milli=case((invoiced > after, invoiced - after), else_=0),
        )
    )
