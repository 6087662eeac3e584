"""What is given up of an invoice, and what goes back to the customer; on both engines, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.db import Database
from services.finance.store.tables import invoice as invoices
from services.finance.store.tables import journal_entry, posting
from services.finance.tests.builders import HARBOR, an_id
from services.finance.tests.integration.books import an_invoice, ask, credit, pay, said, state_of, the_account
from services.finance.tests.integration.settling import say_yes
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_api import usd as money

WRITE_OFFS, REFUNDS, APPROVALS = (
    f"/api/v1/{name}" for name in ("write-offs", "refunds", "finance-approvals")
)


@pytest.fixture
def clients(finance: Database) -> Clients:
    made = Clients(finance)
    made.finance.put("/api/v1/write-off-tolerances", json={"amount": money("5.00")})
    return made


def post(clients: Clients, path: str, **body: Any) -> Any:
    return clients.finance.post(path, json={"reason": "Agreed by telephone"} | body)


def booked(database: Database, kind: str) -> list[tuple[str, int, int]]:
    query = (
        select(posting.c.account, posting.c.debit_minor, posting.c.credit_minor)
        .join(journal_entry, journal_entry.c.id == posting.c.entry_id)
        .where(journal_entry.c.kind == kind)
        .order_by(journal_entry.c.id, posting.c.line_no)
    )
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def test_a_small_difference_is_written_off_at_once_and_settles_the_invoice(
    finance: Database, clients: Clients
) -> None:
    made = an_invoice(finance, "SO-1", "1000.00")
    ask(finance, "SO-2", "3.00")
    pay(finance, "BANK-1", "997.00", (made.invoice_id, "997.00"))
    assert state_of(finance, "SO-2") == "granted"
    answer = post(clients, WRITE_OFFS, invoice_id=made.invoice_id)
    assert (answer.status_code, answer.json["state"], answer.json["amount"]) == (201, "posted", money("3.00"))
    assert answer.json["approval_id"] is None
    shown = clients.finance.get(f"/api/v1/invoices/{made.invoice_id}").json
    assert (shown["payment_state"], shown["open"], shown["paid_on"]) == ("paid", money("0.00"), "2026-03-02")
    assert booked(finance, "write_off") == [("6800", 300, 0), ("1200", 0, 300)]
    assert [each["order_id"] for each in said(finance, "invoice.paid")] == [an_id("order", "SO-1")]
    assert said(finance, "write_off.posted")[0]["amount"]["minor"] == 300


def test_more_than_the_tolerance_waits_for_another_also_in_small_parts(
    finance: Database, clients: Clients
) -> None:
    made = an_invoice(finance, "SO-1", "100.00")
    assert (
        post(clients, WRITE_OFFS, invoice_id=made.invoice_id, amount=money("3.00")).json["state"] == "posted"
    )
    second = post(clients, WRITE_OFFS, invoice_id=made.invoice_id, amount=money("3.00")).json
    assert second["state"] == "waiting"
    assert the_account(finance).receivable.minor == 9700
    own = clients.finance.post(f"{APPROVALS}/{second['approval_id']}/decide", json={"decision": "approve"})
    assert (own.status_code, own.json["code"]) == (403, "own_approval")
    say_yes(finance, second["approval_id"])
    assert clients.finance.get(f"{WRITE_OFFS}/{second['id']}").json["state"] == "posted"
    assert the_account(finance).receivable.minor == 9400
    rest = post(clients, WRITE_OFFS, invoice_id=made.invoice_id).json
    pay(finance, "BANK-1", "90.00", (made.invoice_id, "90.00"))
    decide = f"{APPROVALS}/{rest['approval_id']}/decide"
    late = clients.of("finance", subject="fin-2").post(decide, json={"decision": "approve"})
    assert (late.status_code, late.json["code"]) == (409, "write_off_exceeds_invoice")
    no = clients.of("finance", subject="fin-2").post(decide, json={"decision": "reject", "comment": "Paid"})
    assert (no.status_code, clients.finance.get(f"{WRITE_OFFS}/{rest['id']}").json["state"]) == (
        200,
        "rejected",
    )


def test_a_write_off_is_taken_back_once_by_a_counter_entry(
    finance: Database, clients: Clients, clock: Any
) -> None:
    made = an_invoice(finance, "SO-1", "4.00")
    lost = post(clients, WRITE_OFFS, invoice_id=made.invoice_id).json
    clock.advance(timedelta(days=2))
    path = f"{WRITE_OFFS}/{lost['id']}/reverse"
    back = clients.finance.post(path, json={"reversal_reason": "They paid"}, headers={"If-Match": '"1"'}).json
    assert (back["state"], back["posted_on"], back["reversed_on"]) == ("reversed", "2026-03-02", "2026-03-04")
    again = clients.finance.post(path, json={"reversal_reason": "They paid"})
    assert (again.status_code, again.json["code"], again.json["state"]) == (
        409,
        "write_off_not_posted",
        "reversed",
    )
    assert booked(finance, "write_back") == [("1200", 400, 0), ("6800", 0, 400)]
    with finance.reading() as connection:
        row = connection.execute(select(invoices)).one()
    assert (row.open_minor, row.payment_state, row.paid_on) == (400, "not_paid", None)
    aged = [
        clients.finance.get(f"/api/v1/ageing/customers/{HARBOR}?as_of=2026-03-0{day}").json["documents"]
        for day in (3, 4)
    ]
    assert (aged[0], [each["open"] for each in aged[1]]) == ([], [money("4.00")])
    lines = clients.finance.get(f"/api/v1/accounts/{HARBOR}/statement").json["lines"]
    assert [(each["kind"], each["balance"]["amount"]) for each in lines] == [
        ("invoice", "4.00"),
        ("write_off", "0.00"),
        ("write_back", "4.00"),
    ]


def test_what_a_payment_and_a_credit_note_have_left_goes_back_with_anothers_yes(
    finance: Database, clients: Clients
) -> None:
    made = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "150.00", (made.invoice_id, "100.00"))
    note = credit(finance, made.invoice_id, (1, None, "30.00"))
    first = post(clients, REFUNDS, payment_id=payment.payment_id).json
    second = post(clients, REFUNDS, credit_note_id=note.credit_note_id, amount=money("10.00")).json
    assert (first["amount"], first["source_number"], first["state"]) == (
        money("50.00"),
        "PAY-000001",
        "waiting",
    )
    assert the_account(finance).unallocated.minor == 8000
    for each in (first, second):
        say_yes(finance, each["approval_id"])
    assert the_account(finance).unallocated.minor == 2000
    assert booked(finance, "refund") == [
        ("2100", 5000, 0),
        ("1000", 0, 5000),
        ("2100", 1000, 0),
        ("1000", 0, 1000),
    ]
    shown = clients.finance.get(f"{REFUNDS}?payment_id={payment.payment_id}").json["items"]
    assert [(each["number"], each["state"], each["posted_on"]) for each in shown] == [
        ("RF-000001", "posted", "2026-03-02")
    ]
    assert [each["amount"]["minor"] for each in said(finance, "refund.posted")] == [5000, 1000]
    controls = clients.finance.get("/api/v1/ageing?controls=true").json["currencies"][0]["controls"]
    assert [each["difference"] for each in controls] == [money("0.00"), money("0.00")]


def test_money_that_covers_an_order_beyond_the_limit_does_not_go_back(
    finance: Database, clients: Clients
) -> None:
    payment = pay(finance, "BANK-1", "500.00")
    ask(finance, "SO-1", "1300.00")
    refused = post(clients, REFUNDS, payment_id=payment.payment_id)
    assert (refused.status_code, refused.json["code"]) == (409, "refund_uncovers_credit")
    assert refused.json["room"] == money("200.00")
    waits = post(clients, REFUNDS, payment_id=payment.payment_id, amount=money("200.00")).json
    ask(finance, "SO-2", "1.00")
    decide = f"{APPROVALS}/{waits['approval_id']}/decide"
    late = clients.of("finance", subject="fin-2").post(decide, json={"decision": "approve"})
    assert (late.status_code, late.json["code"]) == (409, "refund_uncovers_credit")


def test_what_cannot_be_names_the_field_and_changes_nothing(
    finance: Database, clients: Clients, subtests: Any
) -> None:
    made = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "50.00")
    nobody = an_id("nobody")
    bad = (
        (WRITE_OFFS, {"invoice_id": made.invoice_id, "amount": money("100.01")}, 409, "amount"),
        (WRITE_OFFS, {"invoice_id": made.invoice_id, "amount": money("0.00")}, 422, "amount.amount"),
        (WRITE_OFFS, {"invoice_id": nobody}, 404, "invoice_id"),
        (REFUNDS, {"payment_id": payment.payment_id, "amount": money("50.01")}, 409, "amount"),
        (REFUNDS, {"payment_id": nobody}, 404, "payment_id"),
        (REFUNDS, {"credit_note_id": nobody}, 404, "credit_note_id"),
        (REFUNDS, {}, 422, "payment_id"),
        (REFUNDS, {"payment_id": nobody, "credit_note_id": nobody}, 422, "payment_id"),
    )
    for path, body, status, field in bad:
        with subtests.test(path=path, body=str(body)):
            answer = post(clients, path, **body)
            named = answer.json.get("field") or answer.json["errors"][0]["field"]
            assert (answer.status_code, named) == (status, field)
    assert (
        clients.finance.put(
            "/api/v1/write-off-tolerances", json={"amount": {"amount": "-1.00", "currency": "USD"}}
        ).status_code
        == 422
    )
    assert (
        clients.lin.post(WRITE_OFFS, json={"invoice_id": made.invoice_id, "reason": "x"}).status_code == 403
    )
    assert clients.finance.get("/api/v1/write-off-tolerances").json["tolerances"] == [
        {"amount": money("5.00"), "version": 1}
    ]
