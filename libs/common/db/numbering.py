"""Document numbers without gaps: a counter row in the same transaction as the document it numbers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from libs.common.db.metadata import mechanism
from libs.common.db.transaction import Transaction
from libs.common.db.upsert import upsert_into

number_series = Table(
    "number_series",
    mechanism,
    Column("series", String(64), primary_key=True),
    Column("last", BigInteger, nullable=False),
)


def next_number(tx: Transaction, series: str) -> int:
    """Return the next number of ``series``, from 1.

    The counter's row stays locked until the transaction ends, and a rollback gives the number back: no gap and
    no twin, at the price of one writer at a time per series. Take it as late in the transaction as possible.
    """
    statement = upsert_into(tx.connection, number_series).values(series=series, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=["series"], set_={"last": number_series.c.last + 1}
    ).returning(number_series.c.last)
    return int(tx.connection.execute(statement).scalar_one())
