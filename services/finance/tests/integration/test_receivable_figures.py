"""R1.3: revenue, days sales outstanding and how fast is paid, by month, as documents and money come."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.money import Money
from services.finance.domain.dso import MonthMoved, count_back, days_sales_outstanding
from services.finance.domain.terms_proposal import Paid, proposal_for
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


def a_payer(late: int, late_days: int, used: int | None) -> Paid:
    """Return somebody who paid 100.00, ``late`` cents of it so many days late, and uses so much of 100.00."""
    limit = None if used is None else Money(10_000, "USD")
    money = (Money(10_000, "USD"), Money(late, "USD"), late * late_days, Money(used or 0, "USD"), limit)
    return Paid(HARBOR, "K-1", "Harbor", None, *money)


@pytest.mark.parametrize(
    ("late", "days", "used", "act"),
    [
        (10_000, 10, 0, "tighten"),
        (10_000, 9, 0, None),
        (5_000, 20, 0, "tighten"),
        (4_999, 300, 0, None),
        (500, 1, 8_000, "loosen"),
        (501, 1, 8_000, None),
        (0, 0, 7_999, None),
        (0, 0, None, None),
    ],
)
def test_r1_5_habit_proposes_terms(late: int, days: int, used: int | None, act: str | None) -> None:
    proposal = proposal_for(a_payer(late, days, used))
    assert (proposal.act if proposal else None) == act


def test_r1_5_a_slow_payer_is_proposed_with_the_reason(finance, clients):
    old = an_invoice(finance, "SO-1", "310.00", on=date(2025, 12, 1))  # due on 2025-12-31
    payment = pay(finance, "BANK-1", "310.00", on=date(2026, 1, 30))
    allocate(finance, payment.payment_id, old.invoice_id, "310.00")
    shown = clients.finance.get("/api/v1/figures/terms-proposals").json
    (proposal,) = shown["proposals"]
    assert (proposal["act"], proposal["customer_id"], proposal["average_days_late"]) == (
        "tighten",
        HARBOR,
        "30.0",
    )
    assert "30.0 days late" in proposal["reason_en"]
    assert "30.0" in proposal["reason_zh"]
    assert shown["since"] == "2025-04"
