"""Tax in the books: on invoices by shipment, taken back by credit notes, and reported by period and rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.db import Cause, Database
from libs.common.money import Money
from services.finance.tests.builders import HARBOR, a_confirmed_order, a_request, an_id, usd
from services.finance.tests.integration.books import TERMS, credit, pay, said, ship, the_account
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_api import usd as written
from services.finance.use_cases.credit import hold_credit
from services.finance.use_cases.keep_order import keep_order

REPORT = "/api/v1/tax-report"
MARCH = "first=2026-03-01&last=2026-03-02"


@pytest.fixture
def clients(finance: Database) -> Clients:
    return Clients(finance)


def a_taxed_order(finance: Database, order: str, *lines: tuple[str, str, str, str, str]) -> None:
    """Hold and keep an order of lines of (quantity, net, tax, code, percent)."""
    plain = a_confirmed_order(order, *((quantity, net) for quantity, net, *_ in lines))
    taxed = tuple(
        replace(line, net=line.amount, tax=usd(tax), tax_code=code, tax_percent=Decimal(percent))
        for line, (_, _, tax, code, percent) in zip(plain.lines, lines, strict=True)
    )
    total = Money.total((line.amount + (line.tax or usd("0")) for line in taxed), "USD")
    finance.transact(lambda tx: hold_credit(tx, a_request(order, str(total.decimal)), TERMS))
    kept = replace(plain, total=total, lines=taxed)
    cause = Cause(correlation_id=f"conversation-{order}")
    finance.transact(lambda tx: keep_order(tx, kept), cause=cause)


def three_valves(finance: Database) -> list[Any]:
    """An order of 3 for 100.00 with 13.00 on top and 1 for 10.00 with 0.60, shipped in three parts."""
    a_taxed_order(
        finance, "SO-1", ("3", "100.00", "13.00", "VAT13", "13"), ("1", "10.00", "0.60", "VAT6", "6")
    )
    parts = ([(1, "1")], [(1, "1"), (2, "1")], [(1, "1")])
    return [ship(finance, f"DN-{n}", "SO-1", *part) for n, part in enumerate(parts, 1)]


def test_r4_5_partial_invoices_add_up_to_the_orders_tax_and_the_exposure_is_with_it(finance: Database):
    invoices = three_valves(finance)
    assert [(each.total, each.tax_minor) for each in invoices] == [
        (usd("37.66"), 433),
        (usd("48.28"), 494),
        (usd("37.66"), 433),
    ]
    account = the_account(finance)
    assert (account.held, account.receivable, account.exposure) == (usd("0"), usd("123.60"), usd("123.60"))
    posted = said(finance, "invoice.posted")
    assert [each["tax"]["minor"] for each in posted] == [433, 494, 433]
    assert [line["tax"]["minor"] for line in posted[1]["lines"]] == [434, 60]


def test_r4_5_credit_notes_take_back_their_part_of_the_tax_and_a_full_return_all_of_it(
    finance: Database, clients: Clients
):
    first, second, _ = three_valves(finance)
    pay(finance, "BANK-1", "37.66", (first.invoice_id, "37.66"))
    lowered = credit(finance, second.invoice_id, (1, None, "3.33"))
    assert (lowered.total, lowered.tax_minor) == (usd("3.76"), 43)
    rest = credit(finance, second.invoice_id, (1, "1", None), (2, "1", None))
    assert lowered.total + rest.total == second.total
    whole = credit(finance, first.invoice_id, (1, "1", None))
    assert (whole.total, whole.tax_minor, whole.unallocated) == (usd("37.66"), 433, usd("37.66"))
    shown = clients.finance.get(f"/api/v1/credit-notes/{rest.credit_note_id}").json
    assert shown["taxes"] == [
        {"code": "VAT13", "percent": "13", "net": written("30.01"), "tax": written("3.91")},
        {"code": "VAT6", "percent": "6", "net": written("10.00"), "tax": written("0.60")},
    ]
    invoice = clients.finance.get(f"/api/v1/invoices/{second.invoice_id}").json
    assert (invoice["net"], invoice["tax"], invoice["open"]) == (
        written("43.34"),
        written("4.94"),
        written("0.00"),
    )
    assert [line["credited_tax"] for line in invoice["lines"]] == [written("4.34"), written("0.60")]


def test_r4_5_the_tax_report_is_the_ledger_down_to_the_documents(finance: Database, clients: Clients):
    first, second, third = three_valves(finance)
    a_taxed_order(finance, "SO-2", ("1", "50.00", "0.00", "VAT0", "0"))
    ship(finance, "DN-9", "SO-2", (1, "1"), on=date(2026, 2, 27))
    credit(finance, second.invoice_id, (2, "1", None))
    report = clients.finance.get(f"{REPORT}?{MARCH}").json
    assert [
        (
            row["code"],
            row["percent"],
            row["base"]["amount"],
            row["tax"]["amount"],
            row["difference"]["amount"],
        )
        for row in report["rows"]
    ] == [("VAT13", "13", "100.00", "13.00", "0.00"), ("VAT6", "6", "0.00", "0.00", "0.00")]
    assert (report["rows"][1]["invoiced_tax"], report["rows"][1]["credited_tax"]) == (
        written("0.60"),
        written("0.60"),
    )
    february = clients.finance.get(f"{REPORT}?first=2026-02-01&last=2026-02-28").json["rows"]
    assert [(row["code"], row["base"]["amount"], row["ledger"]["amount"]) for row in february] == [
        ("VAT0", "50.00", "0.00")
    ]
    documents: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = clients.finance.get(f"{REPORT}/documents?{MARCH}&limit=2{cursor and f'&cursor={cursor}'}").json
        documents += page["items"]
        cursor = page["next_cursor"]
    assert [
        (each["kind"], each["code"], each["base"]["amount"], each["tax"]["amount"]) for each in documents
    ] == [
        ("credit", "VAT6", "-10.00", "-0.60"),
        ("invoice", "VAT13", "33.33", "4.33"),
        ("invoice", "VAT13", "33.34", "4.34"),
        ("invoice", "VAT6", "10.00", "0.60"),
        ("invoice", "VAT13", "33.33", "4.33"),
    ]
    of_rate = clients.finance.get(f"{REPORT}/documents?{MARCH}&code=VAT13&percent=13&currency=USD").json[
        "items"
    ]
    assert {each["document_id"] for each in of_rate} == {
        first.invoice_id,
        second.invoice_id,
        third.invoice_id,
    }
    refused = clients.finance.get(f"{REPORT}?first=2026-03-02&last=2026-03-01")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "first")
    assert clients.lin.get(REPORT).status_code == 403


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE invoice SET tax_minor = 0",
        "UPDATE credit_note SET tax_minor = 0",
        "UPDATE credited_line SET credited_tax_minor = tax_minor + 1",
        "UPDATE sales_order_line SET invoiced_tax_minor = tax_minor + 1",
        "UPDATE sales_order_line SET invoiced_tax_minor = -1",
    ],
)
def test_what_is_posted_keeps_its_tax(finance: Database, fault: str):
    _, second, _ = three_valves(finance)
    credit(finance, second.invoice_id, (1, "0.5", None))
    with pytest.raises(DBAPIError):
        finance.transact(lambda tx: tx.connection.execute(text(fault)))


def test_a_line_of_before_there_were_taxes_has_none(finance: Database, clients: Clients):
    confirmed = a_confirmed_order("SO-1", ("1", "10.00"))
    finance.transact(lambda tx: keep_order(tx, confirmed))
    invoice = ship(finance, "DN-1", "SO-1", (1, "1"))
    shown = clients.finance.get(f"/api/v1/invoices/{invoice.invoice_id}").json
    assert (shown["tax"], shown["taxes"], shown["lines"][0]["tax"]) == (written("0.00"), [], None)
    assert (shown["customer_id"], shown["order_id"]) == (HARBOR, an_id("order", "SO-1"))
