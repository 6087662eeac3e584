"""R1.3: revenue, days sales outstanding and how fast is paid, by month, as documents and money come."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.money import Money
from services.finance.domain.dso import MonthMoved, count_back, days_sales_outstanding
from services.finance.tests.builders import HARBOR
from services.finance.tests.integration.books import allocate, an_invoice, pay
from services.finance.tests.integration.test_api import Clients

URL = "/api/v1/figures/receivables"


@pytest.fixture
def clients(finance):
    return Clients(finance)


def months(clients, **asked):
    answer = clients.finance.get(
        URL, query_string={"from": "2025-11", "to": "2026-02", "currency": "USD"} | asked
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def test_r1_3_a_month_says_what_is_owed_and_how_many_days_that_is(finance, clients):
    old = an_invoice(finance, "SO-1", "310.00", on=date(2025, 12, 1))  # due on 2025-12-31
    an_invoice(finance, "SO-2", "280.00", on=date(2026, 2, 20))
    payment = pay(finance, "BANK-1", "100.00", on=date(2026, 1, 10))
    allocate(finance, payment.payment_id, old.invoice_id, "100.00")

    found = months(clients)
    nothing, december, january, february = found["months"]
    assert (nothing["month"], nothing["dso"], nothing["count_back_dso"]) == ("2025-11", None, "0.0")
    assert (december["balance"]["amount"], december["dso"], december["count_back_dso"]) == (
        "310.00",
        "31.0",
        "31.0",
    )
    assert (december["invoiced"]["amount"], december["revenue"]["amount"]) == ("310.00", "310.00")
    assert (january["balance"]["amount"], january["dso"]) == ("210.00", None), "nothing was sold in January"
    assert january["count_back_dso"] == "52.0", "31 days of January, and 210 of December's 310"
    assert (january["average_days_to_pay"], january["average_days_late"]) == ("40.0", "10.0")
    assert january["paid_late"]["amount"] == "100.00"
    assert (february["balance"]["amount"], february["dso"]) == ("490.00", "49.0")
    total = found["total"]
    assert (total["days"], total["credit_sales"]["amount"], total["dso"]) == (120, "590.00", "99.7")


def test_what_is_of_another_customer_or_currency_does_not_count(finance, clients):
    an_invoice(finance, "SO-1", "310.00", on=date(2025, 12, 1))
    assert months(clients, customer_id=HARBOR)["total"]["invoiced"]["amount"] == "310.00"
    assert months(clients, currency="EUR")["total"]["invoiced"]["amount"] == "0.00"


def test_a_month_of_the_future_is_not_over_so_it_is_not_shown(finance, clients):
    assert months(clients, to="2026-12")["period"]["to"] == "2026-03"
    backwards = clients.finance.get(f"{URL}?from=2026-03&to=2026-01")
    assert (backwards.status_code, backwards.json["code"]) == (422, "period_backwards")


def a_month(month: str, days: int, sales: int) -> MonthMoved:
    usd, nothing = Money(sales, "USD"), Money(0, "USD")
    return MonthMoved(month, days, usd, nothing, usd, nothing, nothing, 0, nothing, 0)


@pytest.mark.parametrize(
    ("balance", "days"), [(0, "0.0"), (50, "15.0"), (100, "30.0"), (150, "45.5"), (200, "61.0"), (201, None)]
)
def test_counting_back_peels_off_the_newest_months(balance: int, days: str | None) -> None:
    assert (
        count_back(Money(balance, "USD"), [a_month("2026-01", 31, 100), a_month("2026-02", 30, 100)]) == days
    )


def test_no_sales_no_days() -> None:
    assert days_sales_outstanding(Money(100, "USD"), Money(0, "USD"), 30) is None
