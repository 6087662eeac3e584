"""Cash discounts: what an early payment leaves out settles its invoice; what is credited later is not let off too."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction, lock_series
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.cash_discount import (
    CashDiscount,
    discount_entry,
    left_out,
    parts_of,
    reversed_parts,
)
from services.finance.domain.company_books import at_value
from services.finance.domain.exchange import Carried
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import Payment
from services.finance.domain.taxes import totals_by_rate
from services.finance.events import CashDiscountGranted, CashDiscountReversed
from services.finance.store import (
    accounts,
    cash_discounts,
    credit_notes,
    down_payments,
    invoices,
    ledger,
    receivable_months,
)
from services.finance.use_cases.post_invoice import CREDIT_NOTE_SERIES


def discount_for(
    tx: Transaction, payment: Payment, invoice: Invoice, amount: Money, on: date
) -> CashDiscount | None:
    """Return the discount by which ``amount`` of a payment settles the invoice, if it does; the account is locked."""
    if invoice.discount is None or amount >= invoice.open:
        return None
    off = left_out(invoice.open, amount, cash_discounts.allowed(tx.connection, invoice, payment.received_on))
    if not off:
        return None
    lines = credit_notes.lines_of(tx.connection, invoice.invoice_id, off.currency)
    deducted = down_payments.deductions_of(tx.connection, invoice.invoice_id, off.currency)
    taxes = totals_by_rate([*lines, *(each.taken_off for each in deducted)])
    return CashDiscount(
        discount_id=tx.new_id(),
        kind="granted",
        number=f"CD-{invoice.number}",
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        amount=off,
        posted_on=on,
        parts=parts_of(off, invoice.total, taxes),
        payment_id=payment.payment_id,
    )


def grant(tx: Transaction, granted: CashDiscount, after: Invoice) -> ledger.Booking:
    """Store a discount that has settled ``after`` and tell of it; return how the ledger books it."""
    assert granted.payment_id is not None, "a payment brings it about"
    cash_discounts.add(tx, granted)
    told = CashDiscountGranted(
        discount_id=granted.discount_id,
        number=granted.number,
        invoice_id=after.invoice_id,
        order_id=after.order_id,
        customer_id=after.customer_id,
        payment_id=granted.payment_id,
        amount=granted.amount,
        tax=granted.tax,
        posted_on=granted.posted_on,
    )
    publish(tx, told, correlation_id=after.correlation_id)
    receivable_months.settled(tx, after.customer_id, granted.posted_on, granted.amount)
    value = Carried(after.total, after.company).part(after.open + granted.amount, granted.amount)
    return ledger.Booking(at_value(discount_entry(granted), value), after.correlation_id)


def owe_discount_again(tx: Transaction, invoice: Invoice, credited: Money, on: date) -> Invoice:
    """Take back of a discount what goes with the ``credited`` part of its invoice; return the invoice after that.

    Else the customer would be given back more than was paid. Account and invoice are locked; that part is not counted
    as credited yet.
    """
    if invoice.discount is None:
        return invoice
    granted = cash_discounts.granted(tx.connection, invoice.invoice_id)
    if granted is None:
        return invoice
    back, billed = cash_discounts.credited_share(tx.connection, invoice.invoice_id)
    parts = reversed_parts(granted.parts, (back, billed), (back + credited.minor, billed))
    amount = Money.total((part.gross for part in parts), credited.currency)
    if not amount:
        return invoice
    again = CashDiscount(
        discount_id=tx.new_id(),
        kind="reversed",
        number=f"{granted.number}-{back + credited.minor}",
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        amount=amount,
        posted_on=max(on, granted.posted_on),
        parts=parts,
    )
    return _reverse(tx, again)


def _reverse(tx: Transaction, again: CashDiscount) -> Invoice:
    lock_series(tx, CREDIT_NOTE_SERIES)  # whoever credits takes its number before those of the journal
    after = invoices.reopen(tx.connection, again.invoice_id, again.amount)
    accounts.move(tx.connection, again.customer_id, receivable=again.amount.minor)
    cash_discounts.add(tx, again)
    told = CashDiscountReversed(
        discount_id=again.discount_id,
        number=again.number,
        invoice_id=after.invoice_id,
        order_id=after.order_id,
        customer_id=after.customer_id,
        amount=again.amount,
        tax=again.tax,
        posted_on=again.posted_on,
    )
    publish(tx, told, correlation_id=after.correlation_id)
    receivable_months.settled(tx, after.customer_id, again.posted_on, -again.amount)
    value = Carried(after.total, after.company).part(after.open, again.amount)
    ledger.book(tx, at_value(discount_entry(again), value), after.correlation_id)
    return after
