"""Ageing, statements and suggestions over HTTP: what is shown, to whom, and how refusals read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from libs.common.testing.time import ManualClock
from services.finance.reports import period, statements
from services.finance.reports.ageing import AgeingSearch, ageing
from services.finance.tests.builders import HARBOR, QUAY
from services.finance.tests.integration.books import allocate, an_invoice, pay
from services.finance.tests.integration.test_api import Clients, usd


@pytest.fixture
def clients(finance):
    return Clients(finance)


@pytest.fixture
def owed(finance):
    """Harbor owes one invoice long overdue, half paid in February, and one not due; Quay has paid too much."""
    old = an_invoice(finance, "SO-1", "400.00", on=date(2025, 11, 1))  # due on 2025-12-01
    new = an_invoice(finance, "SO-2", "100.00", on=date(2026, 2, 20))
    payment = pay(finance, "BANK-1", "200.00", on=date(2026, 2, 10))
    allocate(finance, payment.payment_id, old.invoice_id, "200.00")
    pay(finance, "BANK-2", "50.00", customer_id=QUAY, on=date(2026, 1, 5))
    return old, new


def amounts(shown: dict) -> dict[str, str]:
    return {name: each["amount"] for name, each in shown["amounts"].items() if each["amount"] != "0.00"}


def test_r4_4_the_ageing_of_today_and_of_a_day_before_the_payment(clients, owed):
    today = clients.finance.get("/api/v1/ageing?controls=true").json
    (currency,) = today["currencies"]
    assert (today["as_of"], currency["currency"], currency["customers"]) == ("2026-03-02", "USD", 2)
    assert amounts(currency) == {
        "not_due": "100.00", "days_91_120": "200.00", "open": "300.00", "overdue": "200.00", "unallocated": "50.00",
        "balance": "250.00",
    }  # fmt: skip
    assert [(each["account"], each["ledger"], each["difference"]) for each in currency["controls"]] == [
        ("1200", usd("300.00"), usd("0.00")),
        ("2100", usd("50.00"), usd("0.00")),
    ]
    (before,) = clients.finance.get("/api/v1/ageing?as_of=2026-01-31").json["currencies"]
    assert amounts(before) == {
        "days_61_90": "400.00", "open": "400.00", "overdue": "400.00", "unallocated": "50.00", "balance": "350.00",
    }  # fmt: skip
    assert before["controls"] == []
    (that_day,) = clients.finance.get("/api/v1/ageing?as_of=2026-02-10").json["currencies"]
    assert amounts(that_day)["open"] == "200.00", "what is paid on the day is paid"
    assert clients.finance.get("/api/v1/ageing?as_of=2025-10-31").json["currencies"] == []


def test_documents_and_ledger_are_read_as_of_one_moment(finance, owed):
    statements = []
    event.listen(finance.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    wanted = AgeingSearch(date(2026, 3, 2))
    (currency,) = finance.read(lambda connection: ageing(connection, wanted, with_controls=True)).currencies
    assert [control.difference.minor for control in currency.controls] == [0, 0]
    assert len([each for each in statements if "SELECT" in each]) == 1, "a payment could come between two"


def test_r4_4_from_the_sums_down_to_the_documents(clients, owed):
    old, new = owed
    listed = clients.finance.get("/api/v1/ageing/customers").json["items"]
    assert [(row["name"], row["oldest_due_on"]) for row in listed] == [
        ("Harbor Pumps", "2025-12-01"),
        ("Quay Marine", None),
    ]
    shown = clients.finance.get(f"/api/v1/ageing/customers/{HARBOR}").json["documents"]
    assert [(each["number"], each["bucket"], each["days_overdue"], each["open"]) for each in shown] == [
        (old.number, "days_91_120", 91, usd("200.00")),
        (new.number, "not_due", 0, usd("100.00")),
    ]
    (unmatched,) = clients.finance.get(f"/api/v1/ageing/customers/{QUAY}").json["documents"]
    assert (unmatched["kind"], unmatched["bucket"], unmatched["unallocated"]) == (
        "payment",
        None,
        usd("50.00"),
    )


def test_who_owes_most_comes_first_and_no_page_repeats_or_skips(finance, clients, owed):
    first = clients.finance.get("/api/v1/ageing/customers?limit=1").json
    second = clients.finance.get(f"/api/v1/ageing/customers?limit=1&cursor={first['next_cursor']}").json
    names = [row["name"] for page in (first, second) for row in page["items"]]
    assert (names, second["next_cursor"]) == (["Harbor Pumps", "Quay Marine"], None)


def test_a_salesperson_sees_the_ageing_of_their_own_customers(clients, owed):
    (own,) = clients.lin.get("/api/v1/ageing?controls=true").json["currencies"]
    assert (own["customers"], own["amounts"]["open"], own["controls"]) == (1, usd("300.00"), [])
    assert [row["number"] for row in clients.lin.get("/api/v1/ageing/customers").json["items"]] == [
        "C-000001"
    ]
    assert clients.stranger.get("/api/v1/ageing").json["currencies"] == []
    for path in (f"/api/v1/ageing/customers/{HARBOR}", f"/api/v1/accounts/{HARBOR}/statement"):
        assert clients.stranger.get(path).status_code == 404
        assert clients.lin.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/ageing?as_of=2026-03-09", "as_of"),
        ("/api/v1/ageing/customers?as_of=2026-03-09", "as_of"),
        (f"/api/v1/ageing/customers/{HARBOR}?as_of=yesterday", "as_of"),
        (f"/api/v1/accounts/{HARBOR}/statement?last=2026-04-01", "last"),
        (f"/api/v1/accounts/{HARBOR}/statement?first=2026-03-01&last=2026-02-01", "first"),
    ],
)
def test_a_day_that_cannot_be_is_refused(clients, path, field):
    answer = clients.finance.get(path)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == field


def test_r4_4_a_statement_leads_from_balance_to_balance(clients, owed):
    path = f"/api/v1/accounts/{HARBOR}/statement?first=2026-02-01&last=2026-03-02"
    shown = clients.finance.get(path).json
    assert [shown[name]["amount"] for name in ("opening", "charged", "credited", "closing")] == [
        "400.00", "100.00", "200.00", "300.00",
    ]  # fmt: skip
    assert [
        (line["day"], line["kind"], line["reference"], line["balance"]["amount"]) for line in shown["lines"]
    ] == [
        ("2026-02-10", "payment", "BANK-1", "200.00"),
        ("2026-02-20", "invoice", "SO-2", "300.00"),
    ]
    this_month = clients.finance.get(f"/api/v1/accounts/{HARBOR}/statement").json
    assert (this_month["first"], this_month["last"], this_month["lines"]) == ("2026-03-01", "2026-03-02", [])
    assert this_month["opening"] == this_month["closing"] == usd("300.00")


def test_a_balance_in_the_customers_favour_is_negative(clients, owed):
    shown = clients.finance.get(f"/api/v1/accounts/{QUAY}/statement?first=2026-01-01").json
    assert (shown["opening"], shown["closing"]) == (usd("0.00"), usd("-50.00"))


def test_a_statement_that_nobody_would_read_asks_for_a_shorter_period(clients, owed, monkeypatch):
    for module in (period, statements):
        monkeypatch.setattr(module, "MOST_LINES", 1)
    answer = clients.finance.get(f"/api/v1/accounts/{HARBOR}/statement?first=2026-02-01")
    assert (answer.status_code, answer.json["code"]) == (422, "period_invalid")


def test_r4_4_a_payment_says_what_it_may_be_meant_for(finance, clients, owed):
    old, new = owed
    payment = pay(finance, f"{new.number} and more", "150.00")
    path = f"/api/v1/payments/{payment.payment_id}/suggestions"
    shown = clients.finance.get(path).json
    assert (shown["unallocated"], shown["version"]) == (usd("150.00"), 1)
    best, rest = shown["suggestions"]
    assert (best["rule"], best["confidence"], best["rest"]) == ("reference", "high", usd("50.00"))
    assert [(each["invoice"]["number"], each["amount"]) for each in best["shares"]] == [
        (new.number, usd("100.00"))
    ]
    assert (rest["rule"], rest["shares"][0]["invoice"]["number"]) == ("oldest_first", old.number)
    for share in best["shares"]:
        body = {"invoice_id": share["invoice"]["invoice_id"], "amount": share["amount"]}
        assert (
            clients.finance.post(f"/api/v1/payments/{payment.payment_id}/allocations", json=body).status_code
            == 201
        )
    assert [each["rule"] for each in clients.finance.get(path).json["suggestions"]] == ["oldest_first"]
    assert clients.lin.get(path).status_code == 403
    assert clients.finance.get(f"/api/v1/payments/{HARBOR}/suggestions").status_code == 404


def test_tomorrow_is_another_day(clients, owed, clock: ManualClock):
    clock.advance(timedelta(days=31))
    (currency,) = clients.finance.get("/api/v1/ageing").json["currencies"]
    assert amounts(currency)["days_1_30"] == "100.00"
    assert amounts(currency)["over_120_days"] == "200.00"


def test_r4_5_an_account_of_the_ledger_leads_from_balance_to_balance(clients, owed):
    path = "/api/v1/general-ledger?account=1200&currency=USD&first=2026-02-01&last=2026-03-02"
    shown = clients.finance.get(path).json
    assert [shown[name]["amount"] for name in ("opening", "debit", "credit", "closing")] == [
        "400.00", "100.00", "200.00", "300.00",
    ]  # fmt: skip
    assert [(line["kind"], line["balance"]["amount"]) for line in shown["lines"]] == [
        ("allocation", "200.00"),
        ("invoice", "300.00"),
    ]
    assert (shown["name"], shown["kind"]) == ("Trade receivables", "asset")
    assert clients.finance.get("/api/v1/general-ledger?account=9999&currency=USD").status_code == 404
    assert clients.finance.get("/api/v1/general-ledger?account=1200").json["currency"] == "USD"
    assert clients.finance.get("/api/v1/general-ledger").status_code == 422
    assert clients.lin.get(path).status_code == 403
