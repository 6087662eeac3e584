"""What stock of other currencies is carried at in the company's books: one row per currency, locked when it moves."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select, update

from libs.common.db import Transaction, Upsert, lock_series
from libs.common.money import Money
from services.finance.domain.exchange import Carried, Position
from services.finance.domain.roles import IN_TRANSIT
from services.finance.store.chart_tables import ledger_account
from services.finance.store.exchange_tables import carried_stock, company_posting
from services.finance.store.ledger import SERIES
from services.finance.store.tables import journal_entry, posting

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


def sent_off(connection: Connection, delivery_id: str, own: str) -> dict[str, Carried]:
    """Return what a delivery took along of each other currency, and at what it is carried.

    Of several currencies each has its pair, in their order. ``own`` is the company's currency.
    """
    worth, carried = (_in_transit(connection, table, delivery_id) for table in (posting, company_posting))
    worth = [each for each in worth if each.currency != own]
    if len(worth) != len(carried):  # one had no rate when it left: it is in no books of the company's
        return {}
    return {whole.currency: Carried(whole, value) for whole, value in zip(worth, carried, strict=True)}


def _in_transit(connection: Connection, table: Table, delivery_id: str) -> list[Money]:
    query = (
        select(table.c.debit_minor, table.c.currency)
        .join(journal_entry, journal_entry.c.id == table.c.entry_id)
        .join(ledger_account, ledger_account.c.code == table.c.account)
        .where(
            journal_entry.c.kind == "cost",
            journal_entry.c.document_id == delivery_id,
            ledger_account.c.role == IN_TRANSIT,
        )
        .order_by(table.c.line_no)
    )
    return [Money(row.debit_minor, row.currency) for row in connection.execute(query)]
