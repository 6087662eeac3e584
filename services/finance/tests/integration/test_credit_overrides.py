"""One order beyond the limit: asked for with a reason, decided by another person, used once; over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from libs.common.db import Database
from services.finance.domain.approving import first_flow
from services.finance.tests.builders import HARBOR, LIN, TERMS, an_id, the_terms, usd
from services.finance.tests.integration.books import (
    an_invoice,
    ask,
    pay,
    release,
    said,
    state_of,
    the_account,
)
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_api import usd as money
from services.finance.use_cases.credit import grant_for

OVERRIDES, APPROVALS, FLOWS = (
    f"/api/v1/{name}" for name in ("credit-overrides", "finance-approvals", "finance-approval-flows")
)


@pytest.fixture
def clients(finance: Database) -> Clients:
    return Clients(finance)


@pytest.fixture
def until(clock: Any) -> str:
    return (TERMS.today(clock.now()) + timedelta(days=10)).isoformat()


def wanted(order: str, until: str, **more: Any) -> dict[str, Any]:
    return {"order_id": an_id("order", order), "expires_on": until, "reason": "A good customer"} | more


def asked(clients: Clients, order: str, until: str, **more: Any) -> Any:
    answer = clients.lin.post(OVERRIDES, json=wanted(order, until, **more))
    assert answer.status_code == 201, answer.json
    return answer.json


def decide(who: Any, override: Any, decision: str = "approve", **more: Any) -> Any:
    body = {"decision": decision} | more
    return who.post(f"{APPROVALS}/{override['approval_id']}/decide", json=body)


def how_it_stands(clients: Clients, override: Any) -> str:
    return str(clients.finance.get(f"{OVERRIDES}/{override['id']}").json["state"])


def test_an_approved_override_grants_the_one_order_and_nothing_else(
    finance: Database, clients: Clients, until: str
) -> None:
    ask(finance, "SO-1", "1500.00")
    ask(finance, "SO-2", "100.00")
    override = asked(clients, "SO-1", until)
    assert (override["amount"], override["state"], override["number"]) == (
        money("500.00"),
        "waiting",
        "CO-000001",
    )
    (waiting,) = clients.finance.get(f"{APPROVALS}?state=waiting").json["items"]
    assert (waiting["number"], waiting["said"]["amount"], waiting["waits_for_you"]) == (
        "CO-000001",
        money("500.00"),
        True,
    )
    assert clients.stranger.get(f"{APPROVALS}/{override['approval_id']}").status_code == 404
    assert clients.stranger.get(f"{OVERRIDES}/{override['id']}").status_code == 404
    answer = decide(clients.finance, override)
    assert (answer.status_code, answer.json["state"]) == (200, "approved")
    assert answer.json["flows"] == [first_flow("credit_override").id]
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("granted", "waiting")
    assert (how_it_stands(clients, override), the_account(finance).room) == ("used", usd("-500.00"))
    assert said(finance, "credit_hold.granted")[-1]["override_id"] == override["id"]
    assert [each["state"] for each in said(finance, "approval.ended")] == ["approved"]


def test_nobody_decides_on_what_they_asked_for_nor_the_customers_salesperson(
    finance: Database, clients: Clients, until: str
) -> None:
    ask(finance, "SO-1", "1500.00")
    made = clients.finance.post(OVERRIDES, json=wanted("SO-1", until)).json
    for who in (clients.finance, clients.of("finance", subject=LIN)):
        answer = decide(who, made)
        assert (answer.status_code, answer.json["code"]) == (403, "own_approval")
    assert state_of(finance, "SO-1") == "waiting"
    assert (
        clients.of("sales", subject="somebody").post(OVERRIDES, json=wanted("SO-1", until)).json["code"]
        == "order_not_waiting_for_credit"
    )


def test_it_overrules_what_is_overdue_but_never_a_stop(
    finance: Database, clients: Clients, until: str
) -> None:
    an_invoice(finance, "SO-1", "100.00", on=date(2026, 1, 1))
    strict = the_terms(grace=5)
    ask(finance, "SO-2", "100.00", terms=strict)
    override = asked(clients, "SO-2", until)
    assert override["amount"] == money("0.00")
    stop = f"/api/v1/accounts/{HARBOR}/credit-stop"
    clients.finance.put(stop, json={"stopped": True, "reason": "fraud"})
    decide(clients.finance, override)
    assert (state_of(finance, "SO-2"), how_it_stands(clients, override)) == ("waiting", "approved")
    again = clients.lin.post(OVERRIDES, json=wanted("SO-2", until))
    assert (again.status_code, again.json["code"]) == (409, "credit_override_of_stopped")
    clients.finance.put(stop, json={"stopped": False})
    assert (state_of(finance, "SO-2"), how_it_stands(clients, override)) == ("granted", "used")


def test_it_is_over_when_the_order_is_or_needs_it_no_more(
    finance: Database, clients: Clients, until: str
) -> None:
    ask(finance, "SO-1", "1500.00")
    ask(finance, "SO-2", "400.00")
    first = asked(clients, "SO-1", until)
    second = asked(clients, "SO-2", until)
    assert clients.lin.post(OVERRIDES, json=wanted("SO-1", until)).json["code"] == "credit_override_alive"
    release(finance, "SO-1")
    assert (how_it_stands(clients, first), how_it_stands(clients, second)) == ("lapsed", "lapsed")
    assert state_of(finance, "SO-2") == "granted"
    assert decide(clients.finance, first).json["code"] == "approval_settled"
    ask(finance, "SO-3", "1500.00")
    third = asked(clients, "SO-3", until)
    assert decide(clients.finance, third, "reject", comment="Too much").json["state"] == "rejected"
    fourth = asked(clients, "SO-3", until)
    taken_back = clients.lin.post(f"{APPROVALS}/{fourth['approval_id']}/withdraw", json={})
    assert (taken_back.status_code, how_it_stands(clients, fourth)) == (200, "withdrawn")
    assert (how_it_stands(clients, third), state_of(finance, "SO-3")) == ("rejected", "waiting")


def test_an_override_reaches_so_far_and_so_long(
    finance: Database, clients: Clients, until: str, clock: Any
) -> None:
    ask(finance, "SO-1", "1500.00")
    override = asked(clients, "SO-1", until, amount=money("600.00"))
    an_invoice(finance, "SO-9", "300.00")  # it waits, and its goods leave all the same: 300.00 are owed now
    decide(clients.finance, override)
    assert state_of(finance, "SO-1") == "waiting"
    pay(finance, "BANK-1", "200.00")
    assert state_of(finance, "SO-1") == "granted"
    ask(finance, "SO-2", "10.00")
    late = asked(clients, "SO-2", until)
    clock.advance(timedelta(days=11))
    answer = decide(clients.finance, late)
    assert (answer.status_code, answer.json["code"]) == (409, "credit_override_expired")
    finance.transact(lambda tx: grant_for(tx, HARBOR, TERMS))
    assert state_of(finance, "SO-2") == "waiting"


def test_a_flow_of_the_company_says_who_decides(finance: Database, clients: Clients, until: str) -> None:
    large = {"field": "amount", "comparison": "at_least", "amount": money("400.00")}
    step = {"name": "Head of sales", "approvers": [{"kind": "role", "name": "sales_manager"}]}
    body = {"document": "credit_override", "name": "Large", "cases": [{"clauses": [large]}], "steps": [step]}
    made = clients.finance.post(FLOWS, json=body)
    assert (made.status_code, made.json["revision"]) == (201, 1)
    assert clients.finance.get(f"{FLOWS}?document=credit_override").json["items"] == [made.json]
    assert clients.finance.get(made.headers["Location"]).json == made.json
    ask(finance, "SO-1", "1500.00")
    override = asked(clients, "SO-1", until)
    assert decide(clients.finance, override).json["code"] == "not_an_approver"
    mia = clients.of("sales_manager", subject="mia")
    assert decide(mia, override).json["state"] == "approved"
    assert state_of(finance, "SO-1") == "granted"


BAD = (
    ({"expires_on": "2020-01-01"}, 422, "expires_on"),
    ({"expires_on": "2199-01-01"}, 422, "expires_on"),
    ({"amount": {"amount": "500.00", "currency": "EUR"}}, 422, "amount.currency"),
    ({"amount": money("-1.00")}, 422, "amount"),
    ({"amount": money("499.99")}, 409, "amount.amount"),
    ({"order_id": an_id("order", "SO-0")}, 409, "order_id"),
    ({"reason": ""}, 422, "reason"),
)


def test_requests_that_cannot_be_name_the_field_and_change_nothing(
    finance: Database, clients: Clients, until: str, subtests: Any
) -> None:
    ask(finance, "SO-1", "1500.00")
    for change, status, field in BAD:
        with subtests.test(field=field, change=str(change)):
            answer = clients.lin.post(OVERRIDES, json=wanted("SO-1", until) | change)
            assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
            named = answer.json.get("field") or answer.json["errors"][0]["field"]
            assert named.startswith(field)
    assert clients.finance.get(OVERRIDES).json["items"] == []
