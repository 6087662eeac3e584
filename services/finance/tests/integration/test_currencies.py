"""A customer of another currency, in the books of a company of dollars: at each document's rate, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.db import Database
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.crediting import CreditPart
from services.finance.domain.exchange import NoExchangeRate
from services.finance.reports.exchange_proof import accounts_that_disagree
from services.finance.reports.ledger import company_balance
from services.finance.tests.builders import SHIPPED_ON, TERMS, a_confirmed_order, a_shipment, an_id
from services.finance.tests.integration.books import said, the_account
from services.finance.tests.integration.settling import ask_refund, claim_again, give_up, say_yes
from services.finance.tests.integration.test_api import Clients
from services.finance.tests.integration.test_bank import STATEMENTS
from services.finance.tests.integration.test_ledger import write_entry
from services.finance.tests.statements import a_statement, an_entry
from services.finance.use_cases.accounts import ChangeLimit, KeepCustomer, change_limit, keep_customer
from services.finance.use_cases.credit import HoldCredit, hold_credit
from services.finance.use_cases.credit_notes import (
    AllocateCredit,
    PostCreditNote,
    allocate_credit,
    post_credit_note,
)
from services.finance.use_cases.keep_order import keep_order
from services.finance.use_cases.payments import InvoiceShare, ReceivePayment, receive_payment
from services.finance.use_cases.post_invoice import post_invoice
from services.finance.use_cases.write_offs import RequestWriteOff, request_write_off

LYON = an_id("customer", "Lyon Pompes")
RATES = "/api/v1/exchange-rates"
A_POSTING = "INSERT INTO company_posting (entry_id, line_no, account, currency, debit_minor, credit_minor)"
IN_EUROS = replace(TERMS, currency="EUR", default_limit=None)
"""Terms by which nothing is of another currency: so were the documents of before there were rates."""


@pytest.fixture
def clients(finance: Database) -> Clients:
    """Finance, with a customer of euros whose credit is not checked."""
    finance.transact(
        lambda tx: keep_customer(tx, KeepCustomer(LYON, "C-000009", "Lyon Pompes", "EUR"), TERMS)
    )
    finance.transact(lambda tx: change_limit(tx, ChangeLimit(LYON, None), TERMS))
    return Clients(finance)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def a_rate(clients: Clients, rate: str, day: date, **more: Any) -> None:
    body = {"from": "EUR", "to": "USD", "rate": rate, "day": day.isoformat(), "source": "ECB"} | more
    answer = clients.finance.post(RATES, json=body)
    assert answer.status_code == 201, answer.json


def invoice(finance: Database, order: str, amount: str, terms=TERMS, on: date = SHIPPED_ON) -> Any:
    plain = a_confirmed_order(order, ("1", "1.00"), customer_id=LYON)
    line = replace(plain.lines[0], amount=eur(amount))
    finance.transact(lambda tx: keep_order(tx, replace(plain, total=eur(amount), lines=(line,))))
    shipped = a_shipment(f"DN-{order}", order, (1, "1"), customer_id=LYON, on=on)
    return finance.transact(lambda tx: post_invoice(tx, shipped, terms))


def pay(finance: Database, amount: str, on: date, *shares: tuple[str, str], terms=TERMS) -> Any:
    parts = tuple(InvoiceShare(invoice_id, eur(part)) for invoice_id, part in shares)
    wanted = ReceivePayment(LYON, eur(amount), f"BANK-{amount}-{on}", on, parts)
    return finance.transact(lambda tx: receive_payment(tx, wanted, terms))


def dollars(finance: Database) -> dict[str, str]:
    """Return the balance of every account in the company's currency; the control accounts are proven too."""
    with finance.reading() as connection:
        assert list(accounts_that_disagree(connection)) == []
        balance = company_balance(connection, "USD")
    assert balance.balanced
    return {each.code: each.balance.digits for each in balance.accounts}


def test_r4_5_without_a_rate_nothing_is_booked_and_the_refusal_names_currency_and_day(
    finance: Database, clients: Clients
):
    wanted = HoldCredit(an_id("order", "SO-1"), "SO-1", LYON, eur("100.00"))
    finance.transact(lambda tx: hold_credit(tx, wanted, TERMS))
    (rejected,) = said(finance, "credit_hold.rejected")
    assert rejected["reason"] == "no_exchange_rate"
    missing = "no rate from EUR to USD on or before 2026-03-02"
    with pytest.raises(NoExchangeRate, match=missing):
        invoice(finance, "SO-2", "100.00")
    a_rate(clients, "1.10", date(2026, 3, 2))
    assert invoice(finance, "SO-3", "100.00").company == Money.of("110.00", "USD")
    with pytest.raises(NoExchangeRate, match="on or before 2026-03-01") as refused:
        pay(finance, "1.00", date(2026, 3, 1))
    assert refused.value.field == "received_on"
    assert the_account(finance, LYON).receivable == eur("100.00")


def test_a_line_of_the_bank_in_a_currency_without_a_rate_is_left_for_somebody(
    finance: Database, clients: Clients
):
    old = invoice(finance, "SO-1", "30.00", IN_EUROS)
    entry = an_entry("30.00", ref="B-1", text=f"pays {old.number}", currency="EUR")
    content = a_statement(entry).replace("<Ccy>USD</Ccy>", "<Ccy>EUR</Ccy>")
    taken = clients.finance.post(STATEMENTS, json={"format": "camt.053", "content": content})
    path = f"{STATEMENTS}/{taken.json['statements'][0]['id']}/book-certain"
    assert clients.finance.post(path, json={}).json == {"booked": [], "left": 1, "more": False}
    a_rate(clients, "1.1", date(2026, 3, 1))
    assert clients.finance.post(path, json={}).json == {"booked": ["PAY-000001"], "left": 0, "more": False}
    payment = clients.finance.get("/api/v1/payments").json["items"][0]
    assert payment["company_amount"] == {"amount": "33.00", "currency": "USD"}


def test_r4_5_a_payment_at_another_rate_is_a_gain_or_a_loss(finance: Database, clients: Clients):
    a_rate(clients, "1.1", date(2026, 2, 1))
    a_rate(clients, "1.2", date(2026, 2, 10))
    a_rate(clients, "1.05", date(2026, 2, 20))
    one = invoice(finance, "SO-1", "33.33", on=date(2026, 2, 1))
    assert dollars(finance) == {"1200": "36.66", "4000": "-36.66"}
    pay(finance, "11.11", date(2026, 2, 10), (one.invoice_id, "11.11"))
    assert dollars(finance) == {
        "1000": "13.33",
        "1200": "24.44",
        "2100": "0.00",
        "4000": "-36.66",
        "7000": "-1.11",
    }
    pay(finance, "30.00", date(2026, 2, 20), (one.invoice_id, "22.22"))
    assert dollars(finance) == {
        "1000": "44.83",
        "1200": "0.00",
        "2100": "-8.17",
        "4000": "-36.66",
        "7000": "0.00",
    }
    shown = clients.finance.get(f"/api/v1/journal-entries?customer_id={LYON}&limit=1").json["items"][0]
    assert [(each["account"], each["credit"]["amount"]) for each in shown["company_postings"]] == [
        ("2100", "0.00"),
        ("1200", "24.44"),
        ("7000", "0.00"),
    ]
    balance = clients.finance.get("/api/v1/trial-balance/company").json
    assert (balance["currency"], balance["balanced"]) == ("USD", True)


def test_r4_5_a_credit_note_is_booked_at_its_invoices_rate_and_used_at_it(
    finance: Database, clients: Clients
):
    a_rate(clients, "1.1", date(2026, 2, 1))
    a_rate(clients, "1.3", date(2026, 2, 10))
    one, two = invoice(finance, "SO-1", "100.00", on=date(2026, 2, 1)), invoice(finance, "SO-2", "50.00")
    pay(finance, "60.00", date(2026, 2, 1), (one.invoice_id, "60.00"))
    wanted = PostCreditNote(one.invoice_id, (CreditPart(1, quantity=Quantity.of("1")),), "Broken")
    note = finance.transact(lambda tx: post_credit_note(tx, wanted, TERMS))
    assert (note.left, note.company) == (eur("60.00"), Money.of("66.00", "USD"))
    before = dollars(finance)
    assert (before["1200"], before["2100"], before["4000"]) == ("65.00", "-66.00", "-65.00")
    use = AllocateCredit(note.credit_note_id, two.invoice_id, eur("50.00"))
    finance.transact(lambda tx: allocate_credit(tx, use, TERMS))
    after = dollars(finance)
    assert (after["1200"], after["2100"], after["7000"]) == ("0.00", "-11.00", "10.00")


def test_r4_5_what_is_given_up_claimed_again_or_given_back_goes_at_its_documents_rate(
    finance: Database, clients: Clients
):
    a_rate(clients, "1.1", date(2026, 2, 1))
    one = invoice(finance, "SO-1", "33.33", on=date(2026, 2, 1))
    few = RequestWriteOff(one.invoice_id, "Too little to ask for", "fin-1", eur("0.06"))
    a_rate(clients, "1.3", date(2026, 3, 1))
    prepaid = pay(finance, "10.00", SHIPPED_ON)
    for owed in ("36.59", "36.53"):
        say_yes(finance, finance.transact(lambda tx: request_write_off(tx, few, TERMS)).approval_id)
        assert dollars(finance)["1200"] == owed
    rest = give_up(finance, one.invoice_id)
    say_yes(finance, rest.approval_id)
    given_up = dollars(finance)
    assert (given_up["1200"], given_up["6800"]) == ("0.00", "36.66")

    claim_again(finance, rest.write_off_id)
    back = ask_refund(finance, payment_id=prepaid.payment_id)
    say_yes(finance, back.approval_id)

    after = dollars(finance)
    assert (after["1200"], after["6800"], after["2100"], after["1000"]) == ("36.53", "0.13", "0.00", "0.00")


def test_documents_of_before_there_were_rates_come_in_as_opening_balances(
    finance: Database, clients: Clients
):
    old, prepaid = (
        invoice(finance, "SO-1", "100.00", IN_EUROS),
        pay(finance, "7.00", SHIPPED_ON, terms=IN_EUROS),
    )
    assert (old.company, prepaid.company) == (None, None)
    a_rate(clients, "1.1", date(2026, 3, 1))
    pay(finance, "40.00", SHIPPED_ON, (old.invoice_id, "40.00"))
    assert dollars(finance) == {"1000": "44.00", "2100": "0.00", "3000": "-44.00"}
    new = invoice(finance, "SO-2", "10.00")
    share = {"invoice_id": new.invoice_id, "amount": {"amount": "7.00", "currency": "EUR"}}
    path = f"/api/v1/payments/{prepaid.payment_id}/allocations"
    assert clients.finance.post(path, json=share).status_code == 201
    assert dollars(finance)["1200"] == "3.30"


def test_r4_5_what_is_owed_is_shown_in_both_currencies(finance: Database, clients: Clients):
    a_rate(clients, "1.1", date(2026, 2, 1))
    invoice(finance, "SO-1", "100.00", on=date(2026, 2, 1))
    a_rate(clients, "1.2", date(2026, 3, 1))
    a_rate(clients, "1.25", date(2026, 3, 1), source="Corrected")
    account = clients.finance.get(f"/api/v1/accounts/{LYON}").json
    assert (account["exposure_in_company"], account["exchange_rate"]) == (
        {"amount": "125.00", "currency": "USD"},
        "1.25",
    )
    found = clients.finance.get("/api/v1/ageing").json
    assert found["company"]["amounts"]["open"] == {"amount": "125.00", "currency": "USD"}
    assert [(each["version"], each["rate"]) for each in found["company"]["rates"]] == [(3, "1.25")]
    before = clients.finance.get("/api/v1/ageing?as_of=2026-02-15").json["company"]
    assert before["amounts"]["not_due"]["amount"] == "110.00"
    rates = clients.lin.get(f"{RATES}?from=EUR&limit=2").json["items"]
    assert [(each["day"], each["rate"]) for each in rates] == [("2026-03-01", "1.25"), ("2026-03-01", "1.2")]
    a_rate(clients, "0.9", date(2026, 3, 1), **{"from": "USD", "to": "CHF"})
    zurich = KeepCustomer(an_id("customer", "Zurich"), "C-000010", "Zurich", "CHF")
    finance.transact(lambda tx: keep_customer(tx, zurich, TERMS))
    assert the_account(finance, zurich.customer_id).limit == Money.of("900.00", "CHF")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rate": "0"}, "rate"),
        ({"rate": "1e3"}, "rate"),
        ({"to": "EUR"}, "to"),
        ({"from": "ZZZ"}, "from"),
        ({"day": "2026-03-09"}, "day"),
    ],
)
def test_what_is_no_rate_is_refused(clients: Clients, change: dict[str, str], field: str):
    body = {"from": "EUR", "to": "USD", "rate": "1.1", "day": "2026-03-01", "source": "ECB"}
    refused = clients.finance.post(RATES, json=body | change)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    assert clients.lin.post(RATES, json=body).status_code == 403


def test_an_entry_that_does_not_balance_in_the_companys_currency_is_not_sealed(finance: Database):
    def book(tx: Any, credit: int) -> None:
        entry_id = write_entry(tx, [("1000", "EUR", 100, 0), ("2100", "EUR", 0, 100)], seal=False)
        for line, (account, *sides) in enumerate((("1000", 110, 0), ("2100", 0, credit)), 1):
            values = {
                "entry": entry_id,
                "line": line,
                "account": account,
                "debit": sides[0],
                "credit": sides[1],
            }
            tx.connection.execute(
                text(f"{A_POSTING} VALUES (:entry, :line, :account, 'USD', :debit, :credit)"), values
            )
        tx.connection.execute(text("INSERT INTO journal_seal (entry_id) VALUES (:id)"), {"id": entry_id})

    with pytest.raises(DBAPIError, match="does not balance in company currency"):
        finance.transact(lambda tx: book(tx, 109))
    assert dollars(finance) == {}


def test_the_books_of_the_company_are_guarded_like_the_others(finance: Database, clients: Clients):
    a_rate(clients, "1.1", date(2026, 2, 1))
    invoice(finance, "SO-1", "100.00")
    for fault in (
        "UPDATE company_posting SET debit_minor = debit_minor + 1",
        "DELETE FROM company_posting",
        "UPDATE exchange_rate SET rate_e10 = 1",
        "UPDATE invoice SET company_minor = 1",
        f"{A_POSTING} SELECT entry_id, 9, '1200', 'USD', 1, 0 FROM journal_seal",
    ):
        with pytest.raises(DBAPIError):
            finance.transact(lambda tx, fault=fault: tx.connection.execute(text(fault)))
