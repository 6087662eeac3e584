"""Statements, invoices and reminders on paper: who may have them, and what stands on them in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from libs.common.printing import Press
from services.finance import api
from services.finance.api.printing import credit_note_data, invoice_data, reminder_data, statement_data
from services.finance.reports.credit_notes import CreditNoteSearch, list_credit_notes, one_credit_note
from services.finance.reports.dunning import one_reminder
from services.finance.reports.invoices import one_invoice
from services.finance.reports.papers import statement_paper
from services.finance.reports.period import Period
from services.finance.tests.builders import HARBOR, TERMS, an_id, harbor_pumps
from services.finance.tests.integration.books import an_invoice, credit, open_unlimited, pay, ship
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_taxes import a_taxed_order
from services.finance.use_cases.dunning import remind

AT = datetime(2026, 3, 2, tzinfo=UTC)
PRESS = Press(Path(api.__file__).parents[1] / "papers")
HEAD = {
    "company": {"name": "Harbour Valves 港湾阀门", "lines": ["1 Quay Road", "Ningbo 宁波"], "footer": "USt 1"}
}


def print_both(paper: str, of_language) -> None:
    """Print ``paper`` in both languages; a template that does not fit its data fails."""
    pages = [PRESS.pdf(paper, HEAD | of_language(language), at=AT) for language in ("en", "zh-CN")]
    assert all(page.startswith(b"%PDF-") for page in pages)
    assert pages[0] != pages[1]


@pytest.fixture
def overdue(finance):
    """A customer with two invoices, one long overdue, a credit note and a payment of which some is left."""
    open_unlimited(finance, harbor_pumps())
    first = an_invoice(finance, "SO-1", "600.00", on=date(2026, 1, 5))
    an_invoice(finance, "SO-2", "40.00", on=date(2026, 2, 20))
    credit(finance, first.invoice_id, (1, None, "100.00"), posted_on=date(2026, 2, 3))
    pay(finance, "BANK-1", "250.00", (first.invoice_id, "200.00"), on=date(2026, 2, 10))
    return finance, first.invoice_id


def test_r4_2_a_statement_of_account_is_printed_with_its_ageing(overdue):
    finance, _ = overdue
    period = Period(date(2026, 2, 1), date(2026, 3, 2))
    paper = finance.read(lambda c: statement_paper(c, HARBOR, period, only_owner=None))
    data = statement_data(paper, "zh-CN")
    assert (data["opening"], data["closing"], data["to"]["name"]) == ("600.00", "US$290.00", "Harbor Pumps")
    assert (data["first"], data["unallocated"]) == ("2026年2月1日", "US$50.00")
    assert [(line["kind"], line["balance"], line["due_on"]) for line in data["lines"]] == [
        ("credit_note", "500.00", None),
        ("payment", "250.00", None),
        ("invoice", "290.00", "2026年3月22日"),
    ]
    assert [each["amount"] for each in data["ageing"]] == ["40.00", "300.00", "0.00", "0.00", "0.00", "0.00"]
    assert statement_data(paper, "en")["ageing"][1]["label"] == "1-30 days"
    print_both("statement", lambda language: statement_data(paper, language))


def test_r4_2_an_invoice_and_a_reminder_are_printed(overdue):
    finance, invoice_id = overdue
    invoice = finance.read(lambda c: one_invoice(c, invoice_id, date(2026, 3, 2)))
    data = invoice_data(invoice, "en")
    assert (data["total"], data["settled"], data["open"]) == ("USD 600.00", "USD 300.00", "USD 300.00")
    print_both("invoice", lambda language: invoice_data(invoice, language))

    issued = finance.transact(lambda tx: remind(tx, HARBOR, TERMS))
    reminder = finance.read(lambda c: one_reminder(c, issued.reminder_id))
    data = reminder_data(reminder, "zh-CN")
    assert (data["level"], data["total"]) == (1, "US$300.00")
    assert data["opening"] == "您可能尚未留意，以下发票已超过付款期限："
    assert [line["open"] for line in data["lines"]] == ["300.00"]
    print_both("reminder", lambda language: reminder_data(reminder, language))


def a_note(finance, invoice_id):
    """Return the credit note of an invoice in full."""
    wanted = CreditNoteSearch(invoice_id=invoice_id)
    (found,) = finance.read(lambda c: list_credit_notes(c, wanted, after=None, limit=2))
    return finance.read(lambda c: one_credit_note(c, found.id, only_owner=None))


def test_r4_5_a_credit_note_is_printed_with_what_it_settled(overdue):
    finance, invoice_id = overdue
    note = a_note(finance, invoice_id)
    data = credit_note_data(note, "zh-CN")
    assert (data["total"], data["left"], data["reason"]) == ("US$100.00", None, note.reason)
    assert [each["amount"] for each in data["settled"]] == ["US$100.00"]
    assert [(line["quantity"], line["amount"]) for line in data["lines"]] == [("", "100.00")]
    print_both("credit_note", lambda language: credit_note_data(note, language))

    clients = Clients(finance)
    path = f"/api/v1/credit-notes/{note.id}/pdf"
    shown = clients.finance.get(path, query_string={"language": "zh-CN"})
    assert (shown.status_code, shown.content_type, shown.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert clients.stranger.get(path).status_code == 404
    assert clients.of("warehouse").get(path).status_code == 403
    assert clients.finance.get(f"/api/v1/credit-notes/{an_id('none')}/pdf").status_code == 404


def test_r4_5_a_credit_note_on_paper_says_the_tax_that_it_takes_back(finance):
    open_unlimited(finance, harbor_pumps())
    a_taxed_order(finance, "SO-1", ("2", "200.00", "26.00", "VAT13", "13"))
    made = ship(finance, "DN-1", "SO-1", (1, "2"), on=date(2026, 2, 1))
    credit(finance, made.invoice_id, (1, "1", None), posted_on=date(2026, 2, 3))
    note = a_note(finance, made.invoice_id)
    data = credit_note_data(note, "en")
    assert (data["net"], data["total"]) == ("USD 100.00", "USD 113.00")
    assert data["taxes"] == [{"percent": "13 %", "base": "100.00", "tax": "USD 13.00"}]
    print_both("credit_note", lambda language: credit_note_data(note, language))


def test_r4_5_an_invoice_on_paper_says_its_tax_by_rate_and_when_each_part_is_due(finance):
    open_unlimited(finance, harbor_pumps())
    halves = {"name": "halves", "parts": [{"share_bp": 5000, "days": 0}, {"share_bp": 5000, "days": 30}]}
    clients = Clients(finance)
    assert clients.finance.put("/api/v1/payment-terms", json=halves).status_code == 200
    mine = f"/api/v1/accounts/{HARBOR}/payment-terms"
    assert clients.finance.put(mine, json={"terms": "halves"}).status_code == 200
    a_taxed_order(
        finance, "SO-1", ("1", "100.00", "13.00", "VAT13", "13"), ("1", "10.00", "0.60", "VAT6", "6")
    )
    made = ship(finance, "DN-1", "SO-1", (1, "1"), (2, "1"), on=date(2026, 2, 1))

    data = invoice_data(finance.read(lambda c: one_invoice(c, made.invoice_id, date(2026, 3, 2))), "en")

    assert (data["net"], data["total"]) == ("USD 110.00", "USD 123.60")
    assert data["taxes"] == [
        {"percent": "13 %", "base": "100.00", "tax": "USD 13.00"},
        {"percent": "6 %", "base": "10.00", "tax": "USD 0.60"},
    ]
    assert data["instalments"] == [
        {"due_on": "1 Feb 2026", "amount": "USD 61.80"},
        {"due_on": "3 Mar 2026", "amount": "USD 61.80"},
    ]
    print_both("invoice", lambda language: data | {"language": language})


def test_r4_2_papers_are_shown_to_whom_the_customer_is_shown(overdue):
    finance, invoice_id = overdue
    clients = Clients(finance)
    url = f"/api/v1/customers/{HARBOR}/statement.pdf"
    shown = clients.lin.get(url, query_string={"language": "zh-CN", "last": "2026-03-01"})
    assert (shown.status_code, shown.content_type, shown.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert shown.headers["Content-Disposition"] == "inline; filename=C-000001-2026-03-01.pdf"
    assert clients.stranger.get(url).status_code == 404
    assert clients.of("warehouse").get(url).status_code == 403
    for query, field in (
        ({"language": "fr"}, "language"),
        ({"last": "2099-01-01"}, "last"),
        ({"x": "1"}, "x"),
    ):
        refused = clients.finance.get(url, query_string=query)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    for path in (f"/api/v1/invoices/{invoice_id}/pdf", f"/api/v1/invoices/{an_id('none')}/pdf"):
        assert clients.stranger.get(path).status_code == 404
    assert clients.finance.get(f"/api/v1/invoices/{invoice_id}/pdf").content_type == "application/pdf"
