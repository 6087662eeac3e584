"""The audit sees what the company's books carry of goods that are not there."""

from __future__ import annotations

from datetime import date

from libs.common.testing.plugin import MakeDatabase
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.finance.tests.builders import harbor_pumps
from services.finance.tests.integration.billing import sign
from services.finance.tests.integration.books import open_unlimited
from services.finance.tests.integration.test_carried_on_the_way import (
    euros_came_back,
    on_proof,
    send_of_euros,
)
from services.finance.tests.integration.test_stock_value_books import rate, tell

_MORE = "UPDATE company_posting SET debit_minor = debit_minor + 1 WHERE debit_minor > 0 AND account = "
FAULTS = {
    "I02_stock_is_carried_as_the_control_account_says": f"{_MORE}'1300'",
    "I02_nothing_is_carried_of_goods_that_arrived": f"{_MORE}'1310'",
    "I02_goods_in_transit_are_the_control_account": (
        "UPDATE travelling SET cost_left_minor = cost_left_minor + 1 WHERE cost_left_minor >= 0"
    ),
}


def test_goods_that_are_carried_and_not_there_are_found(make_database: MakeDatabase) -> None:
    books = make_database("finance", FINANCE)
    open_unlimited(books, harbor_pumps())
    rate(books, date(2026, 3, 1), 11_000_000_000)
    tell(books, "OS-1", ("opening", "100.00"), currency="EUR")
    on_proof(books)
    send_of_euros(books, "30.01")
    assert [each for each in FAULTS if offenders(books, "finance", each)] == [], "some are on their way"
    sign(books, "DN-1", "SO-1", (1, "10", "3"), on=date(2026, 3, 5))
    euros_came_back(books, "3", "6.00")
    assert [each for each in FAULTS if offenders(books, "finance", each)] == []

    for check, fault in FAULTS.items():
        unguarded(books, fault)
        assert offenders(books, "finance", check), check
