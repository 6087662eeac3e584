"""Reminders from proposal to letter: each level once, nobody reminded of what is paid, paused or another's."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from services.finance.jobs.remind import remind_overdue
from services.finance.reports.dunning import proposals
from services.finance.store import dunning
from services.finance.store.tables import reminder
from services.finance.tests.builders import HARBOR, QUAY, TERMS
from services.finance.tests.integration.books import an_invoice, at_once, pay, said
from services.finance.tests.integration.test_api import Clients, usd
from services.finance.use_cases.dunning import remind_if_due

LEVELS = [{"after_days": 7}, {"after_days": 21}, {"after_days": 45, "stops_credit": True}]
POLICY = {"levels": LEVELS, "days_between": 7}
ON = date(2026, 1, 2)  # due on 2026-02-01, 29 days before the clock's day


@pytest.fixture
def clients(finance):
    return Clients(finance)


def remind(clients, customer_id=HARBOR):
    return clients.finance.post("/api/v1/dunning/reminders", json={"customer_id": customer_id})


def test_r4_4_an_overdue_invoice_is_reminded_of_level_by_level_until_it_is_paid(finance, clients, clock):
    assert clients.finance.put("/api/v1/dunning/policy", json=POLICY).json["version"] == 2
    invoice = an_invoice(finance, "SO-1", "300.00", on=ON)
    (proposal,) = clients.finance.get("/api/v1/dunning/proposals").json["items"]
    assert (proposal["customer_name"], proposal["level"], proposal["stops_credit"], proposal["total"]) == (
        "Harbor Pumps", 1, False, usd("300.00"),
    )  # fmt: skip
    first = remind(clients)
    assert (first.status_code, first.json["number"], first.json["policy_version"]) == (201, "DUN-000001", 2)
    assert [(line["number"], line["level"], line["days_overdue"]) for line in first.json["lines"]] == [
        (invoice.number, 1, 29)
    ]
    again = remind(clients)
    assert (again.status_code, again.json["code"]) == (409, "nothing_to_remind")
    clock.advance(timedelta(days=7))
    assert remind(clients).json["level"] == 2
    clock.advance(timedelta(days=30))
    assert remind(clients).json["level"] == 3
    account = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json
    assert (account["stopped"], account["stop_reason"]) == (True, "reminder DUN-000003")
    pay(finance, "BANK-1", "300.00", (invoice.invoice_id, "300.00"))
    clock.advance(timedelta(days=300))
    assert clients.finance.get("/api/v1/dunning/proposals").json["items"] == []
    assert [(each["number"], each["level"]) for each in said(finance, "reminder.issued")] == [
        ("DUN-000001", 1), ("DUN-000002", 2), ("DUN-000003", 3),
    ]  # fmt: skip
    assert [each["stopped"] for each in said(finance, "account.credit_stop_changed")] == [True]


def test_the_letter_is_in_the_language_that_is_asked_for(finance, clients):
    an_invoice(finance, "SO-1", "300.00", on=ON)
    path = f"{remind(clients).headers['Location']}/letter"
    assert clients.finance.get(path).json["subject"] == "Reminder DUN-000001: 300.00 USD overdue"
    assert "尊敬的Harbor Pumps：" in clients.finance.get(f"{path}?language=zh").json["body"]
    assert clients.finance.get(f"{path}?language=fr").status_code == 422


def test_a_disputed_invoice_is_left_alone_until_its_day(finance, clients, clock):
    invoice = an_invoice(finance, "SO-1", "300.00", on=ON)
    path = f"/api/v1/invoices/{invoice.invoice_id}/dunning-pause"
    assert (
        clients.finance.put(path, json={"until": "2026-03-10", "reason": "counts again"}).status_code == 200
    )
    assert remind(clients).status_code == 409
    clock.advance(timedelta(days=9))
    assert remind(clients).status_code == 201
    assert clients.finance.put(path, json={"until": "2026-12-31"}).status_code == 200
    clock.advance(timedelta(days=60))
    assert remind(clients).status_code == 409
    assert clients.finance.put(path, json={"until": None}).status_code == 200
    assert remind(clients).json["level"] == 2
    assert clients.lin.put(path, json={"until": None}).status_code == 403
    unknown = f"/api/v1/invoices/{HARBOR}/dunning-pause"
    assert clients.finance.put(unknown, json={"until": None}).status_code == 404


def test_a_run_reminds_all_and_says_whether_there_are_more(finance, clients, monkeypatch):
    monkeypatch.setattr("services.finance.api.dunning.MOST_AT_ONCE", 1)
    an_invoice(finance, "SO-1", "300.00", on=ON)
    an_invoice(finance, "SO-2", "200.00", customer_id=QUAY, on=ON)
    runs = [clients.finance.post("/api/v1/dunning/runs", json={}).json for _ in range(3)]
    assert runs == [
        {"issued": ["DUN-000001"], "more": True},
        {"issued": ["DUN-000002"], "more": False},
        {"issued": [], "more": False},
    ]


def test_of_many_who_remind_at_once_one_does(finance):
    an_invoice(finance, "SO-1", "300.00", on=ON)
    answers = at_once(6, lambda _: finance.transact(partial(remind_if_due, customer_id=HARBOR, terms=TERMS)))
    assert [answer.number for answer in answers if answer is not None] == ["DUN-000001"]
    assert finance.read(lambda c: c.execute(select(func.count()).select_from(reminder)).scalar_one()) == 1


def test_the_database_proposes_whom_the_rule_reminds(finance, clients, clock):
    clients.finance.put("/api/v1/dunning/policy", json=POLICY)
    an_invoice(finance, "SO-1", "300.00", on=ON)
    an_invoice(finance, "SO-2", "200.00", customer_id=QUAY, on=date(2026, 1, 20))
    for _ in range(60):
        today = TERMS.today(clock.now())
        with finance.reading() as connection:
            rule = dunning.policy(connection)
            overdue = dunning.overdue_of(connection, [HARBOR, QUAY], today)
            told = [row.customer_id for row in proposals(connection, today, after=None, limit=9)]
        ruled = [each for each, late in overdue.items() if any(rule.next_level(one, today) for one in late)]
        assert told == sorted(ruled)
        for customer_id in told:
            if clock.now().day % 3 == 0:
                finance.transact(partial(remind_if_due, customer_id=customer_id, terms=TERMS))
        clock.advance(timedelta(days=1))


def test_what_is_due_is_issued_by_itself_where_the_policy_says_so(finance, clients):
    an_invoice(finance, "SO-1", "300.00", on=ON)
    remind_overdue(finance, TERMS)
    assert said(finance, "reminder.issued") == []
    clients.finance.put("/api/v1/dunning/policy", json=POLICY | {"automatic": True})
    remind_overdue(finance, TERMS)
    remind_overdue(finance, TERMS)
    assert [each["number"] for each in said(finance, "reminder.issued")] == ["DUN-000001"]


def test_a_policy_has_versions_and_is_set_by_finance(clients):
    before = clients.finance.get("/api/v1/dunning/policy").json
    assert (before["version"], [level["after_days"] for level in before["levels"]]) == (1, [7, 21, 45])
    put = partial(clients.finance.put, "/api/v1/dunning/policy", json=POLICY)
    assert put(headers={"If-Match": '"1"'}).json["version"] == 2
    assert put(headers={"If-Match": '"1"'}).status_code == 412
    assert put().json["version"] == 2, "the same once more changes nothing"
    assert clients.lin.put("/api/v1/dunning/policy", json=POLICY).status_code == 403
    falling = {"levels": [{"after_days": 9}, {"after_days": 8}], "days_between": 1}
    answer = clients.finance.put("/api/v1/dunning/policy", json=falling)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "levels.1.after_days")


def test_a_salesperson_sees_the_reminders_of_their_own_customers(finance, clients):
    an_invoice(finance, "SO-1", "300.00", on=ON)
    path = remind(clients).headers["Location"]
    for who, status, count in ((clients.lin, 200, 1), (clients.stranger, 404, 0)):
        assert who.get(path).status_code == who.get(f"{path}/letter").status_code == status
        assert len(who.get("/api/v1/dunning/reminders").json["items"]) == count
        assert who.get("/api/v1/dunning/proposals").status_code == 403
        assert who.post("/api/v1/dunning/runs", json={}).status_code == 403
