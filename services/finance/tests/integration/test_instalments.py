"""An invoice that falls due on several days: in its own figures, in ageing, dunning and credit; on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from libs.common.db import Database
from services.finance.tests.builders import HARBOR, the_terms
from services.finance.tests.integration.books import an_invoice, ask, confirm, pay, ship, state_of
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_api import usd as money

TERMS, MINE = "/api/v1/payment-terms", f"/api/v1/accounts/{HARBOR}/payment-terms"
THIRDS = {
    "name": "thirds",
    "parts": [{"share_bp": 3333, "days": 0}, {"share_bp": 3333, "days": 30}, {"share_bp": 3334, "days": 60}],
}


@pytest.fixture
def clients(finance: Database) -> Clients:
    made = Clients(finance)
    assert made.finance.put(TERMS, json=THIRDS).status_code == 200
    assert made.finance.put(MINE, json={"terms": "thirds"}).status_code == 200
    return made


def invoiced(finance: Database, on: date = date(2026, 1, 15)) -> str:
    return str(an_invoice(finance, "SO-1", "100.00", on=on).invoice_id)


def shown(clients: Clients, invoice_id: str) -> list[tuple[str, str, str]]:
    made = clients.finance.get(f"/api/v1/invoices/{invoice_id}").json
    assert made["due_on"] == "2026-03-16"
    return [
        (each["due_on"], each["amount"]["amount"], each["open"]["amount"]) for each in made["instalments"]
    ]


def test_money_pays_what_falls_due_first(finance: Database, clients: Clients) -> None:
    invoice_id = invoiced(finance)
    pay(finance, "BANK-1", "40.00", (invoice_id, "40.00"))
    assert shown(clients, invoice_id) == [
        ("2026-01-15", "33.33", "0.00"),
        ("2026-02-14", "33.33", "26.66"),
        ("2026-03-16", "33.34", "33.34"),
    ]
    account = clients.lin.get(f"/api/v1/accounts/{HARBOR}").json
    assert (account["overdue"], account["oldest_due_on"]) == (money("26.66"), "2026-02-14")
    assert [(each["due_on"], each["days_overdue"]) for each in account["open_items"]] == [("2026-02-14", 16)]
    exposure = clients.lin.get(f"/api/v1/accounts/{HARBOR}/credit").json["exposure"]
    assert (exposure["overdue"], exposure["not_due"]) == (money("26.66"), money("33.34"))


def test_the_ageing_of_any_day_knows_each_instalment(finance: Database, clients: Clients) -> None:
    invoice_id = invoiced(finance)
    pay(finance, "BANK-1", "40.00", (invoice_id, "40.00"), on=date(2026, 2, 20))

    def aged(day: str) -> list[tuple[str, str]]:
        documents = clients.finance.get(f"/api/v1/ageing/customers/{HARBOR}?as_of={day}").json["documents"]
        return [(each["bucket"], each["open"]["amount"]) for each in documents if each["kind"] == "invoice"]

    assert aged("2026-02-16") == [("days_31_60", "33.33"), ("days_1_30", "33.33"), ("not_due", "33.34")]
    assert aged("2026-03-02") == [("days_1_30", "26.66"), ("not_due", "33.34")]
    (row,) = clients.finance.get("/api/v1/ageing?as_of=2026-03-02&controls=true").json["currencies"]
    assert (row["amounts"]["open"], row["amounts"]["overdue"]) == (money("60.00"), money("26.66"))
    assert [each["difference"] for each in row["controls"]] == [money("0.00"), money("0.00")]


def test_dunning_reminds_of_what_is_due_and_begins_anew_with_the_next_part(
    finance: Database, clients: Clients, clock: Any
) -> None:
    invoice_id = invoiced(finance, on=date(2026, 2, 1))

    def remind() -> list[tuple[int, str, str]]:
        answer = clients.finance.post("/api/v1/dunning/reminders", json={"customer_id": HARBOR})
        lines = answer.json.get("lines", ())
        return [(each["level"], each["due_on"], each["open"]["amount"]) for each in lines]

    assert remind() == [(1, "2026-02-01", "33.33")]
    pay(finance, "BANK-1", "33.33", (invoice_id, "33.33"))
    assert remind() == []
    clock.advance(timedelta(days=12))  # the second part, due on 3 March, is 11 days late then
    assert remind() == [(1, "2026-03-03", "33.33")]


def test_only_what_is_due_holds_credit_back(finance: Database, clients: Clients, clock: Any) -> None:
    strict = the_terms(grace=10)
    invoice_id = invoiced(finance)
    ask(finance, "SO-2", "10.00", terms=strict)
    assert state_of(finance, "SO-2") == "waiting"
    pay(finance, "BANK-1", "66.66", (invoice_id, "66.66"), terms=strict)
    assert state_of(finance, "SO-2") == "granted"
    clock.advance(timedelta(days=30))
    ask(finance, "SO-3", "10.00", terms=strict)
    assert state_of(finance, "SO-3") == "waiting"


def test_terms_of_one_day_need_no_instalments_and_old_invoices_keep_theirs(
    finance: Database, clients: Clients
) -> None:
    invoice_id = invoiced(finance)
    body = THIRDS | {"parts": [{"share_bp": 10_000, "days": 15, "end_of_month": True}]}
    changed = clients.finance.put(TERMS, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    assert clients.finance.put(TERMS, json=body, headers={"If-Match": '"1"'}).status_code == 412
    confirm(finance, "SO-2", ("1", "10.00"))
    once = ship(finance, "DN-2", "SO-2", (1, "1"), on=date(2026, 1, 20))
    assert once.due_on == date(2026, 2, 15)
    assert len(shown(clients, invoice_id)) == 3
    assert clients.finance.put(MINE, json={"terms": None}).json["terms"] is None
    confirm(finance, "SO-3", ("1", "10.00"))
    assert ship(finance, "DN-3", "SO-3", (1, "1"), on=date(2026, 1, 20)).due_on == date(2026, 2, 19)
    unknown = clients.finance.put(MINE, json={"terms": "never"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "payment_terms_not_found")
    assert clients.stranger.get(MINE).status_code == 404
    assert clients.finance.get(TERMS).json["items"] == [changed.json]
