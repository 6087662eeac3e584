"""What sales does about finance's facts: the answers to its saga, what was invoiced and what was paid."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from libs.common.quantity import Quantity
from libs.common.saga import handle
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.sagas.replies import AdvanceMissing, CreditShort, Rejected
from services.sales.use_cases.record_progress import (
    record_invoice,
    record_not_invoiced,
    record_owed_again,
    record_payment,
)

subscriptions = Subscriptions("sales")


@dataclass(frozen=True)
class AboutOrder:
    """An answer that says no more than which order it is about."""

    order_id: str


@dataclass(frozen=True)
class InvoicedLine:
    """How much of an order line is on the invoice."""

    order_line_id: str
    quantity: Quantity


@dataclass(frozen=True)
class InvoicePosted:
    """What sales reads of an invoice."""

    order_id: str
    total: Money
    lines: tuple[InvoicedLine, ...]
    order_fully_invoiced: bool


@dataclass(frozen=True)
class OrderAmended:
    """What sales reads of an order that finance knows as its change says."""

    order_id: str
    change_id: str
    order_fully_invoiced: bool


@dataclass(frozen=True)
class NotInvoiced:
    """What sales reads of goods that left and will never be invoiced."""

    order_id: str
    lines: tuple[InvoicedLine, ...]
    order_fully_invoiced: bool


@dataclass(frozen=True)
class Settled:
    """What sales reads of a payment, a credit note, a discount or a loss that is set against an order's invoice."""

    order_id: str
    amount: Money


@subscriptions.on("finance.credit_hold.granted.v1", AboutOrder)
@subscriptions.on("finance.credit_hold.released.v1", AboutOrder)
@subscriptions.on("finance.advance.covered.v1", AboutOrder)
@subscriptions.on("finance.advance.released.v1", AboutOrder)
def credit_settled(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Let the saga go on, or back."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("finance.credit_hold.refused.v1", CreditShort)
def credit_short(tx: Transaction, view: CreditShort, message: Message) -> None:
    """Hold the order, or its change, until there is room, or give it up when finance will not let it wait."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("finance.advance.requested.v1", AdvanceMissing)
def advance_missing(tx: Transaction, view: AdvanceMissing, message: Message) -> None:
    """Hold the order until its advance is there."""
    handle(tx, ORDER_TO_CASH, message)


@subscriptions.on("finance.credit_hold.rejected.v1", Rejected)
@subscriptions.on("finance.advance.rejected.v1", Rejected)
def credit_rejected(tx: Transaction, view: Rejected, message: Message) -> None:
    """Give the order up, or its change: this credit can never be granted, this advance never be kept."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("finance.order.amended.v1", OrderAmended)
def order_amended(tx: Transaction, view: OrderAmended, message: Message) -> None:
    """End the change: finance will invoice what it says. Where nothing is left to invoice, the order's saga goes on."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message, key=view.change_id)


@subscriptions.on("finance.invoice.posted.v1", InvoicePosted)
def invoice_posted(tx: Transaction, view: InvoicePosted, message: Message) -> None:
    """Let the saga know, then record what was invoiced."""
    handle(tx, ORDER_TO_CASH, message)
    record_invoice(
        tx, view.order_id, ((line.order_line_id, line.quantity) for line in view.lines), view.total
    )


@subscriptions.on("finance.delivery.not_invoiced.v1", NotInvoiced)
def not_invoiced(tx: Transaction, view: NotInvoiced, message: Message) -> None:
    """Let the saga know, then record what will never be invoiced."""
    handle(tx, ORDER_TO_CASH, message)
    record_not_invoiced(tx, view.order_id, ((line.order_line_id, line.quantity) for line in view.lines))


@subscriptions.on("finance.payment.allocated.v1", Settled)
@subscriptions.on("finance.cash_discount.granted.v1", Settled)
@subscriptions.on("finance.credit_note.allocated.v1", Settled)
@subscriptions.on("finance.write_off.posted.v1", Settled)
def invoice_settled(tx: Transaction, view: Settled, message: Message) -> None:
    """Record what is not owed any more; with the last of it the order is complete."""
    record_payment(tx, view.order_id, view.amount)


@subscriptions.on("finance.write_off.reversed.v1", Settled)
@subscriptions.on("finance.cash_discount.reversed.v1", Settled)
def invoice_owed_again(tx: Transaction, view: Settled, _message: Message) -> None:
    """Record that what was given up is owed again."""
    record_owed_again(tx, view.order_id, view.amount)
