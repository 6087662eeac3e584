"""What changes the value of stock is booked once, by roles, on an open day; in the company's currency, too."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.db import Database
from libs.common.money import Money
from services.finance.reports.ledger import company_balance, trial_balance
from services.finance.tests.builders import TERMS, an_id
from services.finance.use_cases.book_stock_value import StockValued, ValuedLine, book_stock_value
from services.finance.use_cases.exchange import RecordRate, record_rate
from services.finance.use_cases.periods import MoveLock, move_lock

DAY = date(2026, 3, 2)


def tell(
    finance: Database, name: str, *lines: tuple[str, str], currency: str = "USD", on: date = DAY
) -> None:
    parts = tuple(ValuedLine(kind, Money.of(amount, currency)) for kind, amount in lines)
    told = StockValued(an_id("change", name), an_id("document", name), name, on, parts)
    finance.transact(lambda tx: book_stock_value(tx, told, TERMS))


def rate(finance: Database, day: date, e10: int) -> None:
    command = RecordRate("EUR", "USD", day, e10, "The bank")
    finance.transact(lambda tx: record_rate(tx, command))


def balances(finance: Database, *, company: bool = False, as_of: date | None = None) -> dict[str, str]:
    if company:
        found: Any = finance.read(lambda connection: company_balance(connection, "USD", as_of)).accounts
    else:
        books = finance.read(lambda connection: trial_balance(connection, as_of))
        found = [account for each in books.currencies for account in each.accounts]
    return {each.code: each.balance.digits for each in found if each.balance}


def test_r4_5_each_kind_has_its_account_and_is_booked_once(finance: Database) -> None:
    for _ in range(2):
        tell(finance, "OS-1", ("opening", "100.00"))
        tell(finance, "GR-1", ("receipt", "20.00"))
        tell(finance, "SA-1", ("adjustment", "3.00"), ("adjustment", "-5.00"))
        tell(finance, "TR-1", ("scrap", "-4.00"))
        tell(finance, "R-1", ("revaluation", "-2.50"))
    assert balances(finance) == {
        "1300": "111.50", "2060": "-20.00", "3000": "-100.00", "5200": "5.00", "5210": "4.00", "5220": "2.50",
        "7100": "-3.00",
    }  # fmt: skip


def test_r4_5_production_leaves_work_in_progress_empty(finance: Database) -> None:
    tell(finance, "MO-1", ("consumption", "-10.00"), ("consumption", "-2.00"), ("production", "11.00"))
    tell(finance, "MO-2", ("consumption", "-5.00"))
    tell(finance, "MO-3", ("consumption", "-5.00"), ("production", "6.00"))
    assert balances(finance) == {"1300": "-5.00", "5210": "5.00"}


def test_a_change_of_a_closed_period_is_booked_on_the_first_open_day(finance: Database) -> None:
    finance.transact(lambda tx: move_lock(tx, MoveLock(DAY), TERMS))
    tell(finance, "SA-1", ("adjustment", "3.00"))
    assert balances(finance, as_of=DAY) == {}
    assert balances(finance, as_of=date(2026, 3, 3))["1300"] == "3.00"


def test_r4_5_stock_of_another_currency_comes_in_at_its_rate_and_goes_out_at_its_share(
    finance: Database,
) -> None:
    rate(finance, DAY, 11_000_000_000)
    rate(finance, date(2026, 3, 5), 13_000_000_000)
    tell(finance, "OS-1", ("opening", "100.00"), currency="EUR")
    tell(finance, "OS-2", ("opening", "100.00"), currency="EUR", on=date(2026, 3, 5))
    assert balances(finance, company=True)["1300"] == "240.00"
    tell(finance, "SA-1", ("adjustment", "-50.00"), currency="EUR", on=date(2026, 3, 6))
    assert balances(finance, company=True) == {"1300": "180.00", "3000": "-240.00", "5200": "60.00"}
    tell(finance, "MO-1", ("consumption", "-150.00"), ("production", "150.00"), currency="EUR")
    assert balances(finance, company=True)["1300"] == "180.00"
    tell(finance, "SA-2", ("adjustment", "-150.00"), currency="EUR", on=date(2026, 3, 6))
    assert "1300" not in balances(finance, company=True)


def test_without_a_rate_the_change_stays_out_of_the_companys_books(finance: Database) -> None:
    tell(finance, "OS-1", ("opening", "100.00"), currency="EUR")
    assert balances(finance)["1300"] == "100.00"
    assert balances(finance, company=True) == {}
