"""Bill what was confirmed or shipped, and settle it at once where the money is there already."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.advance import Earmark
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import make_allocation
from services.finance.domain.terms import Terms
from services.finance.store import advances, invoices, payments, periods
from services.finance.use_cases.down_payments import ask_down_payment, credit_rest
from services.finance.use_cases.keep_order import ConfirmedOrder, keep_order
from services.finance.use_cases.payments import (
    InvoiceShare,
    PaidPart,
    ReceivePayment,
    book,
    receive_payment,
    tell_allocated,
)
from services.finance.use_cases.post_invoice import ShippedDelivery, ShippedLine, post_invoice


def bill_delivery(tx: Transaction, delivery: ShippedDelivery, terms: Terms) -> None:
    """Invoice a shipment, unless its order is invoiced at another time, and settle what is paid already."""
    posted = post_invoice(tx, delivery, terms)
    _settle(tx, posted, terms)
    if posted is not None and posted.follows_down_payment:
        credit_rest(tx, posted.order_id, terms)


def take_order_in(tx: Transaction, confirmed: ConfirmedOrder, terms: Terms) -> None:
    """Keep a confirmed order; one that is invoiced as a whole is invoiced now, one paid ahead in part for that part.

    Such an invoice is for no delivery: the order's own id and number stand in its place.
    """
    keep_order(tx, confirmed)
    if confirmed.down_payment_bp:
        ask_down_payment(tx, confirmed.order_id, confirmed.customer_id, terms)
    if confirmed.invoice_on != "order":
        return
    whole = ShippedDelivery(
        delivery_id=confirmed.order_id,
        number=confirmed.number,
        order_id=confirmed.order_id,
        customer_id=confirmed.customer_id,
        shipped_on=terms.today(tx.now),
        lines=tuple(ShippedLine(line.order_line_id, line.quantity) for line in confirmed.lines),
    )
    _settle(tx, post_invoice(tx, whole, terms), terms)


def _settle(tx: Transaction, posted: Invoice | None, terms: Terms) -> None:
    if posted is None or not posted.open:
        return
    if posted.paid_by == "cash":
        _take_cash(tx, posted, terms)
    elif posted.paid_by == "advance":
        _take_what_was_kept(tx, posted)


def _take_cash(tx: Transaction, posted: Invoice, terms: Terms) -> None:
    """Record that the customer paid the invoice as the goods were handed over."""
    share = InvoiceShare(posted.invoice_id, posted.open)
    cash = ReceivePayment(posted.customer_id, posted.open, f"{posted.number} cash", allocations=(share,))
    receive_payment(tx, cash, terms)


def _take_what_was_kept(tx: Transaction, posted: Invoice) -> None:
    """Pay the invoice from what is kept for its order; the account is locked, so nobody else takes of it."""
    left = posted
    for kept in advances.kept_for(tx.connection, posted.order_id):
        if not left.open:
            break
        left = _take(tx, kept, left, min(kept.left, left.open))
    if not advances.kept_for(tx.connection, posted.order_id):
        advances.settle(tx.connection, posted.order_id, "used", tx.now)


def _take(tx: Transaction, kept: Earmark, invoice: Invoice, amount: Money) -> Invoice:
    payment = payments.use_earmarked(tx.connection, kept.payment_id, amount)
    if payment is None or not advances.take(tx.connection, kept, amount):
        raise RuntimeError(f"what is kept for the order of {invoice.number} changed under lock")
    allocation = make_allocation(tx.new_id(), payment, invoice, amount, periods.lock_now(tx.connection))
    paid = invoices.pay(
        tx.connection, invoice.invoice_id, invoice.customer_id, amount, allocation.allocated_on
    )
    assert paid is not None, "a new invoice has open what it is paid"
    part = PaidPart(allocation, paid, payment.unallocated + amount)
    book(tx, payment, [part])
    tell_allocated(tx, payment, [part])
    return paid
