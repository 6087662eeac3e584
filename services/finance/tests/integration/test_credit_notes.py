"""Credit notes in the books: what was open is not owed any more, what was paid is the customer's to use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.db import migrate
from libs.common.errors import VersionMismatch
from services.finance.domain.credit_notes import AllocationExceedsCredit, CreditBeforeInvoice
from services.finance.domain.crediting import CreditExceedsInvoice, NothingToCredit
from services.finance.domain.periods import PeriodLocked
from services.finance.domain.terms import DateInFuture
from services.finance.tests.builders import HARBOR, QUAY, TERMS, an_id, usd
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.books import (
    an_invoice,
    ask,
    at_once,
    confirm,
    copy_books,
    credit,
    envelopes,
    pay,
    said,
    ship,
    state_of,
    the_account,
    use_credit,
)
from services.finance.tests.integration.conftest import MIGRATIONS
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_api import usd as written
from services.finance.tests.integration.test_payments import open_amount
from services.finance.use_cases.periods import MoveLock, move_lock

URL = "/api/v1/credit-notes"
TODAY = date(2026, 3, 2)


@pytest.fixture
def clients(finance):
    return Clients(finance)


def two_lines(finance, order: str = "SO-1"):
    """An invoice of 3 valves for 100.00 and 2 for 50.00."""
    confirm(finance, order, ("3", "100.00"), ("2", "50.00"))
    return ship(finance, f"DN-{order}", order, (1, "3"), (2, "2"))


def body(invoice_id: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"invoice_id": invoice_id, "reason": "Damaged", "lines": list(lines)} | more


def test_r4_5_what_was_open_is_not_owed_any_more(finance):
    invoice = two_lines(finance)
    note = credit(finance, invoice.invoice_id, (1, "2", None), (2, None, "10.00"))
    assert (note.number, note.total, note.unallocated) == ("CN-000001", usd("76.67"), usd("0.00"))
    assert open_amount(finance, invoice.invoice_id) == usd("73.33")
    now = the_account(finance)
    assert (now.receivable, now.unallocated, now.exposure) == (usd("73.33"), usd("0.00"), usd("73.33"))
    rest = credit(finance, invoice.invoice_id, (1, "1", None), (2, "2", None))
    assert rest.total == usd("73.33")
    assert the_account(finance).exposure == usd("0.00")


def test_r4_5_what_was_paid_already_is_the_customers_to_set_against_another_invoice(finance):
    invoice, other = two_lines(finance), an_invoice(finance, "SO-2", "40.00")
    pay(finance, "BANK-1", "120.00", (invoice.invoice_id, "120.00"))
    note = credit(finance, invoice.invoice_id, (1, "3", None))
    assert (note.total, note.unallocated) == (usd("100.00"), usd("70.00"))
    now = the_account(finance)
    assert (now.receivable, now.unallocated) == (usd("40.00"), usd("70.00"))
    with pytest.raises(VersionMismatch):
        use_credit(finance, note.credit_note_id, other.invoice_id, "40.00", expected_version=2)
    after = use_credit(finance, note.credit_note_id, other.invoice_id, "40.00", expected_version=1)
    assert (after.unallocated, open_amount(finance, other.invoice_id)) == (usd("30.00"), usd("0.00"))
    with pytest.raises(AllocationExceedsCredit):
        use_credit(finance, note.credit_note_id, an_invoice(finance, "SO-3", "90.00").invoice_id, "30.01")


def test_what_is_said_in_the_orders_conversation(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "30.00", (invoice.invoice_id, "30.00"))
    credit(finance, invoice.invoice_id, (1, "1", None), reason="Came back")
    told = [each for each in envelopes(finance) if "credit_note" in each["type"] or "paid" in each["type"]]
    assert [each["type"] for each in told] == [
        "finance.credit_note.posted.v1",
        "finance.credit_note.allocated.v1",
        "finance.invoice.paid.v1",
    ]
    assert {each["correlationid"] for each in told} == {"conversation-SO-1"}
    posted, allocated, _ = (each["data"] for each in told)
    figures = {name: posted[name]["minor"] for name in ("total", "settled", "unallocated")}
    assert figures == {"total": 100_00, "settled": 70_00, "unallocated": 30_00}
    assert (posted["reason"], posted["return_id"], posted["lines"][0]["quantity"]) == ("Came back", None, "1")
    assert (allocated["order_id"], allocated["amount"]["minor"]) == (an_id("order", "SO-1"), 70_00)


def test_an_order_that_waited_for_credit_is_granted(finance):
    invoice = an_invoice(finance, "SO-1", "900.00")
    ask(finance, "SO-2", "400.00")
    assert state_of(finance, "SO-2") == "waiting"
    credit(finance, invoice.invoice_id, (1, None, "299.99"))
    assert state_of(finance, "SO-2") == "waiting"
    credit(finance, invoice.invoice_id, (1, None, "0.01"))
    assert state_of(finance, "SO-2") == "granted"


REFUSED = {
    "more than was invoiced": (CreditExceedsInvoice, ((1, "3.001", None),), {}),
    "in the future": (DateInFuture, ((1, "1", None),), {"posted_on": TODAY + timedelta(days=2)}),
    "before the invoice": (CreditBeforeInvoice, ((1, "1", None),), {"posted_on": TODAY - timedelta(days=1)}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_credit_note_changes_nothing(finance, case):
    kind, parts, more = REFUSED[case]
    invoice = two_lines(finance)
    before = (the_account(finance), envelopes(finance))
    with pytest.raises(kind):
        credit(finance, invoice.invoice_id, *parts, **more)
    assert (the_account(finance), envelopes(finance)) == before
    assert credit(finance, invoice.invoice_id, (1, "1", None)).number == "CN-000001"


def test_the_same_is_not_credited_twice(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    credit(finance, invoice.invoice_id, (1, "1", None))
    with pytest.raises(CreditExceedsInvoice):
        credit(finance, invoice.invoice_id, (1, "1", None))
    with pytest.raises(CreditExceedsInvoice):
        credit(finance, invoice.invoice_id, (1, None, "0.01"))
    gift = an_invoice(finance, "SO-2", "0.00")
    with pytest.raises(NothingToCredit):
        credit(finance, gift.invoice_id, (1, "1", None))


def test_nothing_is_credited_into_a_closed_period(finance):
    invoice = an_invoice(finance, "SO-1", "100.00", on=date(2026, 2, 20))
    paid = an_invoice(finance, "SO-2", "50.00", on=date(2026, 2, 20))
    pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "100.00"), on=date(2026, 2, 21))
    note = credit(finance, invoice.invoice_id, (1, None, "60.00"), posted_on=date(2026, 2, 22))
    finance.transact(lambda tx: move_lock(tx, MoveLock(date(2026, 2, 28)), TERMS))
    with pytest.raises(PeriodLocked) as refused:
        credit(finance, invoice.invoice_id, (1, None, "1.00"), posted_on=date(2026, 2, 28))
    assert (refused.value.field, "2026-03-01" in str(refused.value.cure)) == ("posted_on", True)
    use_credit(finance, note.credit_note_id, paid.invoice_id, "50.00")
    days = text("SELECT allocated_on FROM credit_allocation ORDER BY allocated_on")
    (day,) = finance.read(lambda connection: connection.execute(days).scalars().all())
    assert str(day) == "2026-03-01"


def test_twenty_threads_credit_one_line_exactly_once_over(finance):
    confirm(finance, "SO-1", ("10", "100.00"))
    invoice = ship(finance, "DN-1", "SO-1", (1, "10"))
    outcomes = at_once(20, lambda _number: credit(finance, invoice.invoice_id, (1, "1", None)))
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert len(refused) == 10
    assert all(isinstance(each, CreditExceedsInvoice) for each in refused), refused
    assert open_amount(finance, invoice.invoice_id) == usd("0.00")


def test_the_database_itself_keeps_what_was_posted(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    credit(finance, invoice.invoice_id, (1, None, "60.00"))
    for change in (
        "UPDATE credit_note SET total_minor = 1",
        "UPDATE credit_note SET posted_on = '2020-01-01'",
        "DELETE FROM credit_note",
        "UPDATE credit_note_line SET amount_minor = 1",
        "DELETE FROM credit_note_line",
        "UPDATE credit_allocation SET amount_minor = 1",
        "DELETE FROM credit_allocation",
        "UPDATE credited_line SET credited_minor = amount_minor + 1",
        "UPDATE credited_line SET credited_milli = quantity_milli + 1",
        "DELETE FROM credited_line",
    ):
        with pytest.raises(DBAPIError):
            finance.transact(lambda tx, change=change: tx.connection.execute(text(change)))


def test_r4_5_a_credit_note_over_http_and_everywhere_that_shows_it(finance, clients):
    invoice = two_lines(finance)
    pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "100.00"))
    answer = clients.finance.post(
        URL,
        json=body(
            invoice.invoice_id, {"line_no": 1, "quantity": "3"}, {"line_no": 2, "amount": written("5.00")}
        ),
    )
    assert answer.status_code == 201, answer.json
    note = answer.json
    assert answer.headers["Location"] == f"{URL}/{note['id']}"
    assert (note["total"], note["unallocated"]) == (written("105.00"), written("55.00"))
    assert [(line["quantity"], line["amount"]) for line in note["lines"]] == [
        ("3", written("100.00")),
        ("0", written("5.00")),
    ]
    assert [each["amount"] for each in note["allocations"]] == [written("50.00")]

    shown = clients.lin.get(f"/api/v1/invoices/{invoice.invoice_id}").json
    assert (shown["open"], shown["payment_state"], shown["credits"][0]["number"]) == (
        written("0.00"),
        "paid",
        "CN-000001",
    )
    assert [line["credited_amount"] for line in shown["lines"]] == [written("100.00"), written("5.00")]
    (entry,) = clients.finance.get("/api/v1/journal-entries?kind=credit").json["items"]
    sides = {
        each["account"]: (each["debit"]["amount"], each["credit"]["amount"]) for each in entry["postings"]
    }
    assert sides == {"4000": ("105.00", "0.00"), "1200": ("0.00", "50.00"), "2100": ("0.00", "55.00")}
    assert (entry["number"], entry["document_number"]) == (note["journal_entry"], "CN-000001")
    controls = clients.finance.get("/api/v1/trial-balance").json["controls"]
    assert {each["difference"]["amount"] for each in controls} == {"0.00"}
    sheet = clients.finance.get("/api/v1/general-ledger?account=4000&currency=USD").json
    assert sheet["lines"][-1]["document_number"] == "CN-000001"
    account = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json
    assert (account["unallocated"], account["exposure"]) == (written("55.00"), written("-55.00"))

    lines = clients.lin.get(f"/api/v1/accounts/{HARBOR}/statement").json["lines"]
    assert [(line["kind"], line["reference"], line["balance"]["amount"]) for line in lines] == [
        ("invoice", "SO-1", "150.00"),
        ("credit_note", "INV-000001", "45.00"),
        ("payment", "BANK-1", "-55.00"),
    ]
    documents = clients.lin.get(f"/api/v1/ageing/customers/{HARBOR}").json["documents"]
    assert [(each["kind"], each["unallocated"], each["bucket"]) for each in documents] == [
        ("credit_note", written("55.00"), None)
    ]


def test_r4_4_ageing_and_statement_of_a_day_know_the_credit_notes_up_to_that_day(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00", on=date(2026, 2, 1))
    pay(finance, "BANK-1", "30.00", (invoice.invoice_id, "30.00"), on=date(2026, 2, 5))
    credit(finance, invoice.invoice_id, (1, "1", None), posted_on=date(2026, 2, 20))
    seen = {}
    for day in ("2026-02-04", "2026-02-19", "2026-02-20", "2026-02-21"):
        (row,) = clients.finance.get(f"/api/v1/ageing?as_of={day}&controls=true").json["currencies"]
        assert {each["difference"]["amount"] for each in row["controls"]} == {"0.00"}
        told = clients.finance.get(f"/api/v1/accounts/{HARBOR}/statement?first={day}&last={day}").json
        assert told["closing"] == row["amounts"]["balance"]
        seen[day] = tuple(row["amounts"][name]["amount"] for name in ("open", "unallocated"))
    assert seen == {
        "2026-02-04": ("100.00", "0.00"),
        "2026-02-19": ("70.00", "0.00"),
        "2026-02-20": ("0.00", "30.00"),
        "2026-02-21": ("0.00", "30.00"),
    }


def test_who_may_credit_and_who_may_look(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00")
    wanted = body(invoice.invoice_id, {"line_no": 1, "quantity": "1"})
    for client in (clients.lin, clients.of("api_client"), clients.of("sales_manager")):
        assert client.post(URL, json=wanted).status_code == 403
    note = clients.finance.post(URL, json=wanted).json
    assert clients.lin.get(f"{URL}/{note['id']}").json["number"] == "CN-000001"
    assert clients.stranger.get(f"{URL}/{note['id']}").status_code == 404
    assert (len(clients.lin.get(URL).json["items"]), clients.stranger.get(URL).json["items"]) == (1, [])
    for query, count in (
        (f"customer_id={QUAY}", 0),
        (f"invoice_id={invoice.invoice_id}", 1),
        (f"order_id={invoice.order_id}", 1),
        ("unallocated=true", 0),
        ("unallocated=false", 1),
        ("number=CN-000002", 0),
    ):
        assert len(clients.finance.get(f"{URL}?{query}").json["items"]) == count, query


BAD = {
    "no reason": ({"reason": "  "}, [{"line_no": 1, "quantity": "1"}], 422, "reason"),
    "no lines": ({}, [], 422, "lines"),
    "no number for a quantity": ({}, [{"line_no": 1, "quantity": "1e0"}], 422, "lines.0.quantity"),
    "both": ({}, [{"line_no": 1, "quantity": "1", "amount": written("1.00")}], 422, "lines.0"),
    "another currency": (
        {},
        [{"line_no": 1, "amount": {"amount": "1.00", "currency": "EUR"}}],
        422,
        "lines.0.amount.currency",
    ),
    "too much": ({}, [{"line_no": 1, "amount": written("100.01")}], 409, "lines.0.amount"),
    "unknown invoice": (
        {"invoice_id": an_id("nothing")},
        [{"line_no": 1, "quantity": "1"}],
        404,
        "invoice_id",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_its_field_and_changes_nothing(finance, clients, case):
    more, lines, status, field = BAD[case]
    invoice = an_invoice(finance, "SO-1", "100.00")
    before = envelopes(finance)
    answer = clients.finance.post(URL, json=body(invoice.invoice_id, *lines) | more)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.json
    assert answer.json["errors"][0]["field"].startswith(field), answer.json
    assert answer.json["errors"][0]["cure"]
    assert envelopes(finance) == before


def test_what_is_left_is_used_over_http(finance, clients):
    invoice = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "100.00"))
    note = clients.finance.post(URL, json=body(invoice.invoice_id, {"line_no": 1, "quantity": "1"})).json
    other = an_invoice(finance, "SO-2", "30.00")
    path = f"{URL}/{note['id']}/allocations"
    part = {"invoice_id": other.invoice_id, "amount": written("30.00")}
    assert clients.finance.post(path, json=part, headers={"If-Match": '"7"'}).status_code == 412
    after = clients.of("api_client").post(path, json=part)
    assert (after.status_code, after.json["unallocated"]) == (201, written("70.00"))
    again = clients.finance.post(path, json=part)
    assert (again.status_code, again.json["code"]) == (409, "allocation_exceeds_invoice")
    (paid,) = [each for each in said(finance, "invoice.paid") if each["invoice_id"] == other.invoice_id]
    assert paid["number"] == other.number
    nothing = clients.finance.post(f"{URL}/{an_id('nothing')}/allocations", json=part)
    assert nothing.status_code == 404


def test_invoices_of_before_can_be_credited(finance, make_database):
    """The books of a company that is older than credit notes, taxes and charts of accounts stay as they are."""
    invoice = an_invoice(finance, "SO-1", "100.00")
    pay(finance, "BANK-1", "30.00", (invoice.invoice_id, "30.00"))
    database = make_database("finance", None)
    migrate(database, MIGRATIONS, target="0006")
    copy_books(finance, database)
    every = text("SELECT account, debit_minor, credit_minor FROM posting ORDER BY entry_id, line_no")
    before = database.read(lambda connection: connection.execute(every).all())
    migrate(database, MIGRATIONS)
    database.engine.dispose()  # the driver forgets prepared statements when a table is altered, as a restart does
    assert database.read(lambda connection: connection.execute(every).all()) == before
    assert credit(database, invoice.invoice_id, (1, "1", None)).unallocated == usd("30.00")
    assert_books_agree(database)
