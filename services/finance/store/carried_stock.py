"""What stock of other currencies is carried at in the company's books: one row per currency, locked when it moves."""

from __future__ import annotations

from sqlalchemy import select, update

from libs.common.db import Transaction, Upsert, lock_series
from services.finance.domain.exchange import Position
from services.finance.store.exchange_tables import carried_stock
from services.finance.store.ledger import SERIES

_OPEN = Upsert(carried_stock, lambda given: given.on_conflict_do_nothing())


def lock(tx: Transaction, currency: str, company_currency: str) -> Position:
    """Return what is carried of a currency, its row locked.

    The series of the journal is locked before it: whoever has booked already in this transaction has that one.
    """
    lock_series(tx, SERIES)
    key = {"currency": currency, "company_currency": company_currency}
    tx.connection.execute(_OPEN.on(tx.connection), key | {"amount_minor": 0, "carried_minor": 0})
    query = select(carried_stock).filter_by(**key).with_for_update()
    row = tx.connection.execute(query).one()
    return Position(row.amount_minor, row.carried_minor)


def save(tx: Transaction, currency: str, company_currency: str, after: Position) -> None:
    """Store a locked row."""
    tx.connection.execute(
        update(carried_stock)
        .filter_by(currency=currency, company_currency=company_currency)
        .values(amount_minor=after.open, carried_minor=after.carried)
    )
