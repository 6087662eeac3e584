"""Working out again what the company's books carry of other currencies: for whoever checks that documents agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from libs.common.money import Money
from services.finance.domain.exchange import Carried
from services.finance.domain.roles import ADVANCES, GRNI, PAYABLES, RECEIVABLES
from services.finance.store import chart
from services.finance.store.chart_tables import ledger_account
from services.finance.store.credit_tables import credit_note
from services.finance.store.exchange_tables import company_posting
from services.finance.store.payables_tables import bought_line, supplier_invoice
from services.finance.store.supplier_credit_tables import supplier_credit_note
from services.finance.store.tables import invoice, payment


def accounts_that_disagree(connection: Connection) -> Iterator[str]:
    """Give the control accounts that are not, in the company's currency, what open documents are carried at."""
    owed, kept = Counter[str](), Counter[str]()
    _count(owed, _documents(connection, invoice, "total_minor", "open_minor"))
    _count(kept, _documents(connection, payment, "amount_minor", "unallocated_minor"))
    _count(kept, _documents(connection, credit_note, "left_minor", "unallocated_minor"))
    codes = chart.codes_now(connection)
    booked = _booked(connection)
    owing, coming = Counter[str](), Counter[str]()
    _count(owing, _documents(connection, supplier_invoice, "total_minor", "open_minor"))
    _count(owing, _documents(connection, supplier_credit_note, "total_minor", "open_minor"), -1)
    _count_lines(coming, connection)
    controls = ((RECEIVABLES, 1, owed), (ADVANCES, -1, kept), (PAYABLES, -1, owing), (GRNI, -1, coming))
    for role, sign, documents in controls:
        account = codes.get(role, role)
        currencies = {*documents, *(currency for code, currency in booked if code == account)}
        for currency in sorted(currencies):
            if sign * booked.get((account, currency), 0) != documents[currency]:
                yield f"{account} {currency}"


def _documents(connection: Connection, table: Any, whole: str, left: str) -> Iterable[Row[Any]]:
    """Select what is left of the documents that are carried; of most nothing is."""
    columns = table.c
    query = select(
        columns.currency,
        columns[whole].label("whole"),
        columns[left].label("left"),
        columns.company_currency,
        columns.company_minor,
    ).where(columns.company_minor.is_not(None), columns[left] > 0)
    return connection.execute(query)


def _count(sums: Counter[str], rows: Iterable[Row[Any]], sign: int = 1) -> None:
    for row in rows:
        whole = Carried(Money(row.whole, row.currency), Money(row.company_minor, row.company_currency))
        carried = whole.of(Money(row.left, row.currency))
        sums[row.company_currency] += sign * carried.minor if carried else 0


def _count_lines(sums: Counter[str], connection: Connection) -> None:
    """Count what came in of suppliers and was not invoiced, as its lines carry it."""
    line = bought_line.c
    query = select(line.carried_currency, func.sum(line.carried_minor)).group_by(line.carried_currency)
    for currency, carried in connection.execute(query.where(line.carried_currency.is_not(None))):
        sums[currency] += int(carried)


def _booked(connection: Connection) -> dict[tuple[str, str], int]:
    moved = func.sum(company_posting.c.debit_minor - company_posting.c.credit_minor)
    query = (
        select(company_posting.c.account, company_posting.c.currency, moved)
        .join(ledger_account, ledger_account.c.code == company_posting.c.account)
        .where(ledger_account.c.role.in_((RECEIVABLES, ADVANCES, PAYABLES, GRNI)))
        .group_by(company_posting.c.account, company_posting.c.currency)
    )
    return {(code, currency): int(balance) for code, currency, balance in connection.execute(query)}
