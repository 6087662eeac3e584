"""Down payments: invoiced as their order is confirmed; what no invoice will deduct is credited by itself."""

from __future__ import annotations

from libs.common.db import Connection, Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.crediting import CreditableLine, CreditLine
from services.finance.domain.down_payment import DownPayment, draft_down_payment
from services.finance.domain.ledger import Entry
from services.finance.domain.roles import DOWN_PAYMENTS
from services.finance.domain.taxes import LineTax
from services.finance.domain.terms import Terms
from services.finance.store import accounts, credit_notes, down_payments, orders, periods
from services.finance.use_cases.credit_notes import CreditDraft, lock_credited, post_draft
from services.finance.use_cases.post_invoice import post_down_payment

REST = "what is not delivered is not paid ahead"


def ask_down_payment(tx: Transaction, order_id: str, customer_id: str, terms: Terms) -> None:
    """Invoice the down payment of a confirmed order, once; one of nothing is not asked for."""
    account = accounts.lock(tx.connection, customer_id)
    order = orders.lock(tx.connection, order_id)
    if account is None or order is None:
        raise Later(f"the account of customer {customer_id} is not here yet")
    if down_payments.find(tx.connection, order_id) is not None:
        return
    draft = draft_down_payment(order)
    if not draft.total:
        return
    invoice, booked = post_down_payment(tx, account, order, draft, terms)
    new = DownPayment(
        order_id=order_id,
        invoice_id=invoice.invoice_id,
        left_net=draft.total - draft.tax,
        left_tax=draft.tax,
        company_net=_received(booked),
    )
    down_payments.add(tx.connection, new)


def _received(booked: Entry) -> Money | None:
    """Return what the down payment, without tax, is carried at in the company's books."""
    found = [each.credit for each in booked.company if each.account == DOWN_PAYMENTS]
    return found[0] if found else None


def credit_rest(tx: Transaction, order_id: str, terms: Terms) -> None:
    """Credit what is left of an order's down payment, once nothing of the order is left to be invoiced.

    The customer's account is locked.
    """
    order = orders.lock(tx.connection, order_id)
    if order is None or not order.down_payment_bp or not order.is_invoiced:
        return
    left = down_payments.find(tx.connection, order_id)
    if left is None or not (left.left_net or left.left_tax):
        return
    account, invoice = lock_credited(tx, left.invoice_id)
    before = credit_notes.lines_of(tx.connection, invoice.invoice_id, invoice.total.currency)
    if not down_payments.take(tx.connection, order_id, left.left_net, left.left_tax):
        raise RuntimeError(f"the down payment of {order.number} changed under lock")
    day = max(terms.today(tx.now), invoice.posted_on)
    draft = CreditDraft(
        invoice=invoice,
        before=before,
        lines=_undeducted(tx.connection, before),
        reason=f"{order.number}: {REST}",
        posted_on=periods.lock_now(tx.connection).first_open(day),
        received=left.carried.of(left.left_net),
    )
    post_draft(tx, account, draft, terms)


def _undeducted(connection: Connection, billed: tuple[CreditableLine, ...]) -> tuple[CreditLine, ...]:
    used = down_payments.deducted(connection, [line.order_line_id for line in billed])
    found = (_rest(line, *used.get(line.order_line_id, (0, 0))) for line in billed)
    return tuple(line for line in found if line.gross)


def _rest(line: CreditableLine, net_used: int, tax_used: int) -> CreditLine:
    currency = line.amount.currency
    amount = line.amount - Money(net_used, currency)
    tax = line.tax and LineTax(line.tax.code, line.tax.ppm, line.tax.amount - Money(tax_used, currency))
    # A line of a credit note says a quantity or an amount; of tax alone, which rounding may leave, it says the first.
    quantity = Quantity.zero() if amount else line.quantity
    return CreditLine(
        line.line_no, line.order_line_id, line.item_id, line.sku, line.name, quantity, amount, tax
    )
