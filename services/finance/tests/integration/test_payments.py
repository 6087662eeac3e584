"""Payments: a bank reference once, allocated never beyond the payment or the invoice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from libs.common.errors import VersionMismatch
from libs.common.money import Money
from services.finance.domain.account import AccountNotFound
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.payment import (
    AllocationExceedsInvoice,
    AllocationExceedsPayment,
    InvoiceOfAnotherCustomer,
    PaymentInvalid,
    PaymentNotFound,
    ReferenceUsed,
)
from services.finance.domain.terms import DateInFuture
from services.finance.store import invoices, payments
from services.finance.tests.builders import HARBOR, QUAY, TERMS, an_id, usd
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    at_once,
    envelopes,
    pay,
    said,
    the_account,
)
from services.finance.use_cases.payments import AllocationOvertaken, ReceivePayment, receive_payment


def open_amount(database, invoice_id: str) -> Money:
    return database.read(lambda connection: invoices.find(connection, invoice_id)).open


def left(database, payment_id: str) -> Money:
    return database.read(lambda connection: payments.find(connection, payment_id)).unallocated


def test_money_received_lowers_the_exposure_and_waits_to_be_allocated(finance):
    payment = pay(finance, "BANK-1", "120.00")
    assert (payment.number, payment.received_on) == ("PAY-000001", date(2026, 3, 2))
    assert the_account(finance).exposure == usd("-120.00")
    assert said(finance, "payment.received")[0]["reference"] == "BANK-1"


def test_the_company_day_is_the_one_of_its_zone(finance, clock):
    clock.advance(timedelta(hours=16))
    assert pay(finance, "BANK-1", "1.00").received_on == date(2026, 3, 3)


def test_a_payment_with_its_allocations_pays_the_invoice_in_the_orders_conversation(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "120.00", (invoice.invoice_id, "60.00"), (invoice.invoice_id, "40.00"))
    assert payment.unallocated == usd("20.00")
    assert open_amount(finance, invoice.invoice_id) == usd("0")
    now = the_account(finance)
    assert (now.receivable, now.unallocated) == (usd("0"), usd("20.00"))
    told = [
        each
        for each in envelopes(finance)
        if each["type"].startswith(("finance.payment", "finance.invoice.paid"))
    ]
    assert [each["type"] for each in told] == [
        "finance.payment.received.v1",
        "finance.payment.allocated.v1",
        "finance.payment.allocated.v1",
        "finance.invoice.paid.v1",
    ]
    assert {each["correlationid"] for each in told[1:]} == {"conversation-SO-1"}


def test_twenty_threads_allocate_one_payment_to_two_invoices_exactly_once_over(finance):
    one, two = an_invoice(finance, "SO-1", "300.00"), an_invoice(finance, "SO-2", "300.00")
    payment = pay(finance, "BANK-1", "100.00")
    targets = [one.invoice_id, two.invoice_id]
    answers = at_once(20, lambda n: allocate(finance, payment.payment_id, targets[n % 2], "10.00"))
    refused = [answer for answer in answers if isinstance(answer, AllocationExceedsPayment)]
    assert (len(answers) - len(refused), len(refused)) == (10, 10)
    assert left(finance, payment.payment_id) == usd("0")
    paid = usd("600.00") - open_amount(finance, one.invoice_id) - open_amount(finance, two.invoice_id)
    assert paid == usd("100.00")
    assert len(said(finance, "payment.allocated")) == 10


def test_one_reference_at_once_from_ten_threads_is_one_payment(finance):
    answers = at_once(10, lambda _: pay(finance, "BANK-1", "10.00"))
    assert sum(isinstance(answer, ReferenceUsed) for answer in answers) == 9
    assert the_account(finance).unallocated == usd("10.00")


def test_a_reference_is_the_same_with_other_spaces_and_free_for_another_customer(finance):
    first = pay(finance, "BANK  1", "10.00")
    with pytest.raises(ReferenceUsed) as refusal:
        pay(finance, " BANK 1 ", "10.00")
    assert refusal.value.figures["payment_id"] == first.payment_id
    assert pay(finance, "BANK 1", "10.00", customer_id=QUAY).number == "PAY-000002"


def test_no_more_than_is_left_or_open_can_be_allocated(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "150.00")
    with pytest.raises(AllocationExceedsInvoice):
        allocate(finance, payment.payment_id, invoice.invoice_id, "100.01")
    with pytest.raises(AllocationExceedsPayment):
        allocate(finance, payment.payment_id, invoice.invoice_id, "150.01")
    for amount in ("0", "-1.00"):
        with pytest.raises(PaymentInvalid):
            allocate(finance, payment.payment_id, invoice.invoice_id, amount)
    assert left(finance, payment.payment_id) == usd("150.00")


def test_a_payment_pays_only_its_own_customers_invoices(finance):
    invoice = an_invoice(finance, "SO-1", "100.00", customer_id=QUAY)
    payment = pay(finance, "BANK-1", "100.00")
    with pytest.raises(InvoiceOfAnotherCustomer):
        allocate(finance, payment.payment_id, invoice.invoice_id, "1.00")


def test_unknown_ids_are_named(finance):
    payment = pay(finance, "BANK-1", "100.00")
    with pytest.raises(InvoiceNotFound) as refusal:
        pay(finance, "BANK-2", "1.00", (an_id("no invoice"), "1.00"))
    assert refusal.value.field == "allocations.0.invoice_id"
    with pytest.raises(PaymentNotFound):
        allocate(finance, an_id("no payment"), an_id("no invoice"), "1.00")
    with pytest.raises(AccountNotFound):
        pay(finance, "BANK-3", "1.00", customer_id=an_id("nobody"))
    assert left(finance, payment.payment_id) == usd("100.00")


def test_a_payment_whose_allocation_is_refused_is_not_recorded_and_takes_no_number(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    with pytest.raises(AllocationExceedsInvoice):
        pay(finance, "BANK-1", "150.00", (invoice.invoice_id, "60.00"), (invoice.invoice_id, "60.00"))
    assert pay(finance, "BANK-1", "150.00").number == "PAY-000001"


def test_amounts_currencies_dates_and_references_that_cannot_be(finance):
    for amount in ("0", "-5.00"):
        with pytest.raises(PaymentInvalid):
            pay(finance, "BANK-1", amount)
    euro = ReceivePayment(HARBOR, Money.of("1.00", "EUR"), "BANK-1")
    with pytest.raises(PaymentInvalid):
        finance.transact(lambda tx: receive_payment(tx, euro, TERMS))
    with pytest.raises(PaymentInvalid):
        pay(finance, "  ", "1.00")
    with pytest.raises(DateInFuture):
        pay(finance, "BANK-1", "1.00", on=date(2026, 3, 4))
    assert pay(finance, "BANK-1", "1.00", on=date(1996, 7, 4)).received_on == date(1996, 7, 4)


def test_a_stale_version_is_refused(finance):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "100.00")
    allocate(finance, payment.payment_id, invoice.invoice_id, "10.00", expected_version=1)
    with pytest.raises(VersionMismatch):
        allocate(finance, payment.payment_id, invoice.invoice_id, "10.00", expected_version=1)


def test_the_conditional_updates_refuse_what_was_used_up_between_looking_and_taking(finance, monkeypatch):
    invoice = an_invoice(finance, "SO-1", "100.00")
    payment = pay(finance, "BANK-1", "100.00")
    looked = finance.read(lambda connection: payments.find(connection, payment.payment_id))
    claimed = finance.read(lambda connection: invoices.find(connection, invoice.invoice_id))
    allocate(finance, payment.payment_id, invoice.invoice_id, "60.00")
    monkeypatch.setattr(payments, "find", lambda *_: looked)
    monkeypatch.setattr(invoices, "find", lambda *_: claimed)
    with pytest.raises(AllocationOvertaken):
        allocate(finance, payment.payment_id, invoice.invoice_id, "40.01")
    monkeypatch.undo()
    assert open_amount(finance, invoice.invoice_id) == usd("40.00")


def test_the_conditional_updates_alone_never_take_more_than_there_is(finance):
    payment = pay(finance, "BANK-1", "100.00")

    def take(_):
        return finance.transact(lambda tx: payments.take(tx.connection, payment.payment_id, usd("30.00")))

    assert sum(answer is not None for answer in at_once(8, take)) == 3
    assert left(finance, payment.payment_id) == usd("10.00")
    finance.transact(
        lambda tx: tx.connection.execute(text("UPDATE payment SET unallocated_minor = amount_minor"))
    )
