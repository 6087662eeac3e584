"""Document numbers without gaps: a counter row in the same transaction as the document it numbers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from libs.common.db.metadata import mechanism
from libs.common.db.transaction import Transaction
from libs.common.db.upsert import Upsert

number_series = Table(
    "number_series",
    mechanism,
    Column("series", String(64), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

_ADVANCE = Upsert(
    number_series,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["series"], set_={"last": number_series.c.last + insert.excluded.last}
    ).returning(number_series.c.last),
)


def next_number(tx: Transaction, series: str) -> int:
    """Return the next number of ``series``, from 1.

    The counter's row stays locked until the transaction ends, and a rollback gives the number back: no gap and
    no twin, at the price of one writer at a time per series. Take it as late in the transaction as possible.
    """
    return next_numbers(tx, series, 1)[0]


def next_numbers(tx: Transaction, series: str, count: int) -> range:
    """Return the next ``count`` numbers of ``series`` at once, on the terms of ``next_number``."""
    if count < 1:
        return range(0)
    advanced = tx.connection.execute(_ADVANCE.on(tx.connection), {"series": series, "last": count})
    last = int(advanced.scalar_one())
    return range(last - count + 1, last + 1)


def lock_series(tx: Transaction, series: str) -> None:
    """Keep a series to this transaction before its first number is taken.

    For a transaction that does many things: whoever takes numbers of several series takes them in one order.
    """
    tx.connection.execute(_ADVANCE.on(tx.connection), {"series": series, "last": 0})
