"""Payments to suppliers: never beyond what is open, and what is owed on any day is what the ledger says."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from services.finance.domain.bank import BankLineSettled, StatedLine, Statement
from services.finance.domain.supplier_invoice import SupplierInvoiceNotFound
from services.finance.domain.supplier_payment import (
    BankLineNotMoneyOut,
    PaymentExceedsInvoice,
    SupplierInvoiceNotOwed,
    SupplierPaymentInvalid,
    SupplierReferenceUsed,
    SupplierShare,
)
from services.finance.reports.bank import LineSearch, list_lines
from services.finance.reports.payables import DebtSearch, debts, proposals
from services.finance.reports.period import Period
from services.finance.reports.supplier_accounts import (
    list_supplier_accounts,
    one_supplier_payment,
    supplier_statement,
)
from services.finance.tests.builders import TERMS, an_id, usd
from services.finance.tests.integration.books import said
from services.finance.tests.integration.buying import (
    FOUNDRY,
    MINT,
    enter,
    ledger_now,
    order_goods,
    pay_out,
    take_in,
)
from services.finance.tests.integration.test_interleavings import play
from services.finance.use_cases.bank import keep_statements
from services.finance.use_cases.supplier_payments import PayFromBankLine, pay_from_bank_line

PAYABLES, BANK = "Trade payables", "Bank"


def a_bill(database, reference: str, amount: str, *, on: date = date(2026, 2, 1), **more) -> str:
    """Order, receive and enter one piece for ``amount``; due thirty days after."""
    order_goods(database, f"PO-{reference}", ("1", amount), **more)
    take_in(database, f"R-{reference}", f"PO-{reference}", (1, "1"), on=on, **more)
    return enter(database, reference, f"PO-{reference}", (1, "1", amount), on=on, **more)


def test_r4_2_several_invoices_are_paid_at_once_and_never_beyond_what_is_open(finance):
    one, two = a_bill(finance, "F-1", "100.00"), a_bill(finance, "F-2", "60.00")
    other = a_bill(finance, "F-3", "10.00", supplier_id=MINT)
    held = enter(finance, "F-4", "PO-F-1", (1, "1", "100.00"))
    with pytest.raises(PaymentExceedsInvoice) as refusal:
        pay_out(finance, "T-1", (one, "100.00"), (two, "60.01"))
    assert (refusal.value.field, refusal.value.figures["open"]) == ("allocations.1.amount", usd("60.00"))
    for bad, share in (
        (SupplierInvoiceNotOwed, (held, "1.00")),
        (SupplierInvoiceNotOwed, (other, "1.00")),
        (SupplierInvoiceNotFound, (an_id("none"), "1.00")),
    ):
        with pytest.raises(bad):
            pay_out(finance, "T-1", share)
    with pytest.raises(SupplierPaymentInvalid, match="twice"):
        pay_out(finance, "T-1", (one, "1.00"), (one, "1.00"))

    paid = finance.read(
        lambda c: one_supplier_payment(c, pay_out(finance, "T 1", (one, "100.00"), (two, "20.00")))
    )
    assert (paid.number, paid.amount, paid.reference) == ("SPAY-000001", usd("120.00"), "T 1")
    assert [(each.reference, each.amount) for each in paid.allocations] == [
        ("F-1", usd("100.00")),
        ("F-2", usd("20.00")),
    ]
    with pytest.raises(SupplierReferenceUsed, match="SPAY-000001"):
        pay_out(finance, "T  1", (two, "1.00"))
    books = ledger_now(finance)
    assert (books[PAYABLES], books[BANK]) == ("-50.00", "-120.00")
    (made,) = said(finance, "supplier_payment.made")
    assert made["supplier_invoice_ids"] == [one, two]


def test_r4_2_what_falls_due_is_proposed_and_what_was_owed_on_a_day_is_shown(finance):
    early, late = a_bill(finance, "F-1", "100.00", on=date(2026, 1, 10)), a_bill(finance, "F-2", "60.00")
    a_bill(finance, "F-3", "10.00", supplier_id=MINT)
    pay_out(finance, "T-1", (early, "30.00"), paid_on=date(2026, 2, 20))
    due = finance.read(lambda c: proposals(c, date(2026, 2, 28), None, after=None, limit=10))
    assert [(each.supplier_name, each.total, [i.reference for i in each.invoices]) for each in due] == [
        ("Foundry Ltd", usd("70.00"), ["F-1"])
    ]
    every = finance.read(lambda c: proposals(c, date(2026, 3, 3), FOUNDRY, after=None, limit=10))
    assert [(each.total, [i.supplier_invoice_id for i in each.invoices]) for each in every] == [
        (usd("130.00"), [early, late])
    ]
    (then,) = finance.read(lambda c: debts(c, DebtSearch(date(2026, 2, 15))))
    assert (then.suppliers, then.amounts.not_due, then.amounts.days_1_30) == (2, usd("70.00"), usd("100.00"))
    (now,) = finance.read(lambda c: debts(c, DebtSearch(date(2026, 3, 2))))
    assert (now.amounts.open, now.amounts.overdue) == (usd("140.00"), usd("70.00"))
    sheet = finance.read(
        lambda c: supplier_statement(c, FOUNDRY, "USD", Period(date(2026, 2, 1), date(2026, 3, 1)))
    )
    assert (sheet.opening, sheet.charged, sheet.paid, sheet.closing) == tuple(
        map(usd, ("100.00", "60.00", "30.00", "130.00"))
    )
    assert [(line.kind, line.balance) for line in sheet.lines] == [
        ("supplier_invoice", usd("160.00")),
        ("supplier_payment", usd("130.00")),
    ]
    accounts = finance.read(lambda c: list_supplier_accounts(c, date(2026, 3, 2), after=None, limit=10))
    owed = {each.name: [(one.open, one.overdue) for one in each.owed] for each in accounts}
    assert owed == {
        "Mint Ltd": [(usd("10.00"), usd("0.00"))],
        "Foundry Ltd": [(usd("130.00"), usd("70.00"))],
    }


def out(line_no: int, amount: str) -> StatedLine:
    return StatedLine(line_no, f"BANK-{line_no}", date(2026, 3, 1), usd(amount), "Foundry")


def test_r4_2_a_line_of_the_bank_is_a_payment_to_a_supplier_once(finance):
    bill = a_bill(finance, "F-1", "100.00")
    stated = Statement("CN1", "7", "USD", (out(1, "-40.00"), out(2, "5.00")))
    finance.transact(lambda tx: keep_statements(tx, [stated], "csv"))
    found = finance.read(lambda c: list_lines(c, LineSearch(), after=None, limit=10))
    gone, came = sorted(found, key=lambda line: line.reference)

    def take(line, amount: str):
        command = PayFromBankLine(line.id, FOUNDRY, (SupplierShare(bill, usd(amount)),))
        return finance.transact(lambda tx: pay_from_bank_line(tx, command, TERMS))

    with pytest.raises(SupplierPaymentInvalid) as refusal:
        take(gone, "39.99")
    assert refusal.value.field == "allocations.0.amount"
    with pytest.raises(BankLineNotMoneyOut):
        take(came, "5.00")
    paid = finance.read(lambda c: one_supplier_payment(c, take(gone, "40.00")))
    assert (paid.reference, paid.paid_on, paid.bank_line_id) == ("BANK-1", date(2026, 3, 1), gone.id)
    (line,) = finance.read(lambda c: list_lines(c, LineSearch(reference="BANK-1"), after=None, limit=2))
    assert (line.state, line.reason) == ("ignored", "supplier payment SPAY-000001")
    with pytest.raises(BankLineSettled, match="SPAY-000001"):
        take(gone, "40.00")


@pytest.mark.postgres
def test_two_payments_of_one_invoice_never_pay_more_than_is_open(finance):
    bills: dict[int, str] = {}

    def pair(number: int):
        bills[number] = a_bill(finance, f"F-{number}", "50.00")
        return tuple(
            partial(pay_out, finance, f"T-{number}-{side}", (bills[number], "50.00")) for side in "ab"
        )

    def check(_number: int, *outcomes: object) -> None:
        paid, refused = sorted(outcomes, key=lambda outcome: isinstance(outcome, Exception))
        assert isinstance(paid, str)
        assert isinstance(refused, MeridianError)

    assert play(finance, pair, check) > 10


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 40), st.integers(0, 27)), min_size=1, max_size=3
    )
)
def test_what_is_owed_on_any_day_is_what_the_ledger_says(finance, acts):
    """Bills and part payments on random days: the ageing of each day is the ledger's balance of that day."""
    if not finance.is_sqlite:
        pytest.skip("once is enough: the arithmetic is the same")
    for amount, part, day in acts:
        stem = an_id("bill", str(len(said(finance, "supplier_invoice.posted"))))
        bill = a_bill(finance, f"F-{stem[:18]}", f"{amount}.00", on=date(2026, 2, 1 + day))
        if 0 < part <= amount:
            pay_out(finance, f"T-{stem}", (bill, f"{part}.00"), paid_on=date(2026, 2, 1 + (day * 7) % 28))
    with finance.reading() as connection:
        for day in (1, 9, 20, 28):
            as_of = date(2026, 2, day)
            owed = {each.currency: each.amounts.open.minor for each in debts(connection, DebtSearch(as_of))}
            query = (
                "SELECT COALESCE(SUM(p.credit_minor - p.debit_minor), 0) FROM posting p JOIN journal_entry e ON "
                "e.id = p.entry_id WHERE p.account = '2000' AND e.posted_on <= ?"
            )
            booked = connection.exec_driver_sql(query, (as_of.isoformat(),)).scalar_one()
            assert owed.get("USD", 0) == booked
