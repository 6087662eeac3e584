"""From the bank's file to payments: each line once, by whoever looks, and unseen only where all is certain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from services.finance.domain.camt053 import read_camt053
from services.finance.reports.bank import list_statements
from services.finance.tests.builders import HARBOR, QUAY, TERMS, an_id
from services.finance.tests.integration.books import an_invoice, at_once, pay, the_account
from services.finance.tests.integration.test_api import Clients, usd
from services.finance.tests.statements import IBAN, a_balance, a_statement, an_entry
from services.finance.use_cases.bank import BookLine, book_line, keep_statements

STATEMENTS, LINES = "/api/v1/bank-statements", "/api/v1/bank-lines"


@pytest.fixture
def clients(finance):
    return Clients(finance)


def take_in(clients, *entries: str, **more: str):
    body = {"format": "camt.053", "content": a_statement(*entries, **more)}
    return clients.finance.post(STATEMENTS, json=body)


def new_lines(clients):
    return clients.finance.get(f"{LINES}?state=new").json["items"]


def certain(clients, answer):
    (statement,) = answer.json["statements"]
    return clients.finance.post(f"{STATEMENTS}/{statement['id']}/book-certain", json={})


def test_r4_4_a_file_of_the_bank_becomes_payments_and_the_certain_ones_by_themselves(finance, clients):
    invoice = an_invoice(finance, "SO-1", "300.00")
    other = an_invoice(finance, "SO-2", "80.00", customer_id=QUAY)
    answer = take_in(
        clients,
        an_entry("300.00", ref="B-1", text=f"pays {invoice.number}", account="CH93"),
        an_entry("80.00", ref="B-2", payer="quay marine"),
        an_entry("12.50", ref="B-3", sign="DBIT", text="fees"),
        balances=a_balance("OPBD", "0.00") + a_balance("CLBD", "367.50"),
    )
    (statement,) = answer.json["statements"]
    assert (answer.status_code, statement["account"], statement["lines_new"]) == (201, IBAN, 3)
    assert (statement["opening"], statement["closing"]) == (usd("0.00"), usd("367.50"))
    assert certain(clients, answer).json == {"booked": ["PAY-000001"], "left": 1, "more": False}
    assert clients.finance.get(f"/api/v1/invoices/{invoice.invoice_id}").json["payment_state"] == "paid"
    (left,) = new_lines(clients)
    shown = clients.finance.get(f"{LINES}/{left['id']}").json
    (guess,) = shown["guesses"]
    assert (guess["payer"]["customer_id"], guess["payer"]["by"], guess["is_certain"]) == (QUAY, "name", False)
    share = guess["suggestions"][0]["shares"][0]
    assert (share["invoice"]["invoice_id"], share["amount"]) == (other.invoice_id, usd("80.00"))
    allocation = {"invoice_id": other.invoice_id, "amount": usd("80.00")}
    booked = clients.finance.post(
        f"{LINES}/{left['id']}/book", json={"customer_id": QUAY, "allocations": [allocation]}
    )
    assert (booked.status_code, booked.json["state"], booked.json["payment_number"]) == (
        200,
        "booked",
        "PAY-000002",
    )
    payment = clients.finance.get(f"/api/v1/payments/{booked.json['payment_id']}").json
    assert (payment["reference"], payment["received_on"], payment["unallocated"]) == (
        "B-2",
        "2026-03-02",
        usd("0.00"),
    )
    assert new_lines(clients) == []
    (fees,) = clients.finance.get(f"{LINES}?state=ignored").json["items"]
    assert (fees["amount"], fees["reason"]) == (usd("-12.50"), "money out")


def test_the_same_line_in_another_file_stays_one(clients):
    take_in(clients, an_entry("1.00", ref="B-1"), an_entry("2.00", text="no reference"))
    again = take_in(clients, an_entry("2.00", text="no reference"), an_entry("3.00", ref="B-3"), number="43")
    assert [(each["lines_new"], each["lines_known"]) for each in again.json["statements"]] == [(1, 1)]
    assert len(new_lines(clients)) == 3
    elsewhere = take_in(clients, an_entry("1.00", ref="B-1"), account="FR76")
    assert elsewhere.json["statements"][0]["lines_new"] == 1


def test_the_same_file_taken_in_many_times_at_once_counts_once(finance):
    (stated,) = read_camt053(a_statement(*(an_entry("1.00", ref=f"B-{n}") for n in range(30))))

    def take(turn: int) -> object:
        lines = stated.lines if turn % 2 else tuple(reversed(stated.lines))
        return finance.transact(lambda tx: keep_statements(tx, [replace(stated, lines=lines)], "camt.053"))

    answers = at_once(6, take)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    kept = finance.read(lambda c: list_statements(c, after=None, limit=10))
    assert sorted(each.lines_new for each in kept) == [0, 0, 0, 0, 0, 30]


def test_an_account_that_paid_before_is_known_again(finance, clients):
    first = an_invoice(finance, "SO-1", "10.00")
    certain(clients, take_in(clients, an_entry("10.00", ref="B-1", text=first.number, account="CH93")))
    an_invoice(finance, "SO-2", "25.00")
    answer = take_in(clients, an_entry("25.00", ref="B-2", text="thanks", account="CH93"))
    (line,) = new_lines(clients)
    (guess,) = clients.finance.get(f"{LINES}/{line['id']}").json["guesses"]
    assert (guess["payer"]["by"], guess["payer"]["confidence"], guess["is_certain"]) == (
        "account",
        "high",
        True,
    )
    assert certain(clients, answer).json["booked"] == ["PAY-000002"]


def test_what_is_not_certain_is_left_to_somebody(finance, clients):
    invoice = an_invoice(finance, "SO-1", "300.00")
    theirs = an_invoice(finance, "SO-2", "40.00", customer_id=QUAY)
    pay(finance, "B-4", "5.00")
    small = an_invoice(finance, "SO-3", "5.00")
    answer = take_in(
        clients,
        an_entry("299.99", ref="B-1", text=invoice.number),
        an_entry("340.00", ref="B-2", text=f"{invoice.number} and {theirs.number}"),
        an_entry("300.01", ref="B-3", text=invoice.number),
        an_entry("5.00", ref="B-4", text=small.number),
        an_entry("40.00", ref="B-5", text=theirs.number, on="2026-03-04"),
    )
    assert certain(clients, answer).json == {"booked": [], "left": 5, "more": False}
    assert certain(clients, answer).json["left"] == 5


def test_two_lines_for_one_invoice_pay_it_once(finance, clients):
    invoice = an_invoice(finance, "SO-1", "300.00")
    answer = take_in(clients, *(an_entry("300.00", ref=f"B-{n}", text=invoice.number) for n in (1, 2)))
    assert certain(clients, answer).json == {"booked": ["PAY-000001"], "left": 1, "more": False}


def test_a_line_of_a_closed_period_is_left_and_booked_on_a_day_that_somebody_gives(finance, clients):
    invoice = an_invoice(finance, "SO-1", "300.00", on=date(2026, 2, 20))
    assert clients.finance.put("/api/v1/period-lock", json={"locked_until": "2026-02-28"}).status_code == 200
    answer = take_in(clients, an_entry("300.00", ref="B-1", text=invoice.number, on="2026-02-27"))
    assert certain(clients, answer).json["booked"] == []
    (line,) = new_lines(clients)
    refused = clients.finance.post(f"{LINES}/{line['id']}/book", json={"customer_id": HARBOR})
    assert (refused.status_code, refused.json["code"], refused.json["errors"][0]["field"]) == (
        409, "period_locked", "received_on",
    )  # fmt: skip
    on = {"customer_id": HARBOR, "received_on": "2026-03-01"}
    assert clients.finance.post(f"{LINES}/{line['id']}/book", json=on).json["state"] == "booked"


def test_a_payment_that_was_recorded_by_hand_is_linked(finance, clients):
    by_hand = pay(finance, "cheque 7", "60.00")
    another = pay(finance, "cheque 8", "61.00")
    take_in(clients, an_entry("60.00", ref="B-1"), an_entry("60.00", ref="B-2"))
    second, first = new_lines(clients)
    link = partial(clients.finance.post, f"{LINES}/{first['id']}/link")
    wrong = link(json={"payment_id": another.payment_id})
    assert (wrong.status_code, wrong.json["code"]) == (409, "payment_differs")
    assert link(json={"payment_id": an_id("nobody")}).json["code"] == "payment_not_found"
    assert link(json={"payment_id": by_hand.payment_id}).json["payment_number"] == by_hand.number
    twice = clients.finance.post(f"{LINES}/{second['id']}/link", json={"payment_id": by_hand.payment_id})
    assert (twice.status_code, twice.json["code"]) == (409, "payment_differs")


def test_what_is_settled_is_not_settled_again(finance, clients):
    take_in(
        clients,
        an_entry("60.00", ref="B-1"),
        an_entry("5.00", sign="DBIT", ref="B-2", more="<RvslInd>1</RvslInd>"),
    )
    called_back, line = new_lines(clients)
    book = {"customer_id": HARBOR}
    out = clients.finance.post(f"{LINES}/{called_back['id']}/book", json=book)
    assert (out.status_code, out.json["code"]) == (409, "bank_line_not_money_in")
    path = f"{LINES}/{line['id']}"
    assert (
        clients.finance.post(f"{path}/ignore", json={"reason": "our own transfer"}).json["state"] == "ignored"
    )
    assert clients.finance.post(f"{path}/book", json=book).json["code"] == "bank_line_settled"
    assert clients.finance.post(f"{path}/take-up").json["state"] == "new"
    assert clients.finance.post(f"{path}/book", json=book).json["state"] == "booked"
    for act in ("ignore", "book", "link", "take-up"):
        bodies = {"ignore": {"reason": "x"}, "book": book, "link": {"payment_id": an_id("p")}}
        again = clients.finance.post(f"{path}/{act}", json=bodies.get(act))
        assert (again.status_code, again.json["code"]) == (409, "bank_line_settled"), act


def test_of_many_who_book_a_line_one_does(finance, clients):
    take_in(clients, an_entry("60.00", ref="B-1"))
    (line,) = new_lines(clients)

    def book(turn: int) -> object:
        command = BookLine(line["id"], HARBOR if turn % 2 else QUAY)
        return finance.transact(lambda tx: book_line(tx, command, TERMS))

    answers = at_once(6, book)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert {getattr(answer, "code", "done") for answer in answers} == {"done", "bank_line_settled"}
    kept = the_account(finance).unallocated.minor + the_account(finance, QUAY).unallocated.minor
    assert kept == 6000


def test_a_file_is_taken_whole_or_not_at_all(clients):
    refused = take_in(
        clients, an_entry("60.00", ref="B-1"), balances=a_balance("OPBD", "0") + a_balance("CLBD", "1")
    )
    assert (refused.status_code, refused.json["code"]) == (422, "statement_does_not_add_up")
    assert refused.json["moved"] == usd("60.00")
    assert new_lines(clients) == []
    assert clients.finance.get(STATEMENTS).json["items"] == []


def test_a_table_says_how_it_is_written(clients):
    content = "Tag;Betrag;Zweck\n02.03.2026;1.000,50;INV 7\n"
    columns = {"booked_on": "Tag", "amount": "Betrag", "text": "Zweck"}
    form = {
        "account": "DE-1",
        "currency": "USD",
        "columns": columns,
        "delimiter": "semicolon",
        "decimal": "comma",
        "day_order": "dmy",
    }
    body = {"format": "csv", "content": content, "csv": form}
    assert clients.finance.post(STATEMENTS, json=body).json["statements"][0]["lines_new"] == 1
    assert new_lines(clients)[0]["amount"] == usd("1000.50")
    for wrong, field in (
        (body | {"csv": form | {"columns": {"saldo": "x"}}}, "csv.columns.saldo"),
        (body | {"csv": form | {"columns": columns | {"amount": "Summe"}}}, "csv.columns.amount"),
        (body | {"csv": form | {"decimal": "point"}}, "content"),
        (body | {"format": "camt.053"}, "csv"),
        ({"format": "csv", "content": content}, "csv"),
    ):
        refused = clients.finance.post(STATEMENTS, json=wrong)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_only_bookkeepers_see_what_the_bank_says(clients):
    assert clients.lin.get(LINES).status_code == 403
    assert clients.lin.post(STATEMENTS, json={"format": "csv", "content": "x"}).status_code == 403
    assert clients.finance.get(f"{LINES}/{an_id('line')}").status_code == 404
    unknown = clients.finance.post(f"{STATEMENTS}/{an_id('s')}/book-certain", json={})
    assert (unknown.status_code, unknown.json["code"]) == (404, "bank_statement_not_found")
