"""What stands on the papers of a customer: a statement of account with its ageing, and who it goes to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.finance.reports.accounts import require_account
from services.finance.reports.ageing import Aged, AgeingSearch, customers_ageing
from services.finance.reports.period import Period
from services.finance.reports.statements import Statement, statement
from services.finance.store.tables import account


@dataclass(frozen=True)
class Addressee:
    """The customer whom a paper goes to."""

    number: str
    name: str


@dataclass(frozen=True)
class StatementPaper:
    """A statement, and what of its closing balance is how many days past due; ``None``: nothing is open."""

    to: Addressee
    statement: Statement
    aged: Aged | None


def statement_paper(
    connection: Connection, customer_id: str, period: Period, *, only_owner: str | None
) -> StatementPaper:
    """Return the statement of a customer's account with its ageing on the last day of the period."""
    currency = require_account(connection, customer_id, only_owner)
    wanted = AgeingSearch(period.last, currency, customer_id)
    aged = customers_ageing(connection, wanted, after=None, limit=1)
    return StatementPaper(
        to=_addressee(connection, customer_id),
        statement=statement(connection, customer_id, currency, period),
        aged=aged[0].amounts if aged else None,
    )


def _addressee(connection: Connection, customer_id: str) -> Addressee:
    query = select(account.c.number, account.c.name).where(account.c.customer_id == customer_id)
    row = connection.execute(query).one()
    return Addressee(row.number, row.name)
