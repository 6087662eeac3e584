"""Keep what finance needs of confirmed orders to invoice them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.invoicing import Order, OrderLine
from services.finance.domain.taxes import LineTax, ppm_of
from services.finance.store import orders


@dataclass(frozen=True)
class ConfirmedLine:
    """A line of a confirmed order; without ``net`` and the rest it is of before there were taxes."""

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    net: Money | None = None
    tax: Money | None = None
    tax_code: str | None = None
    tax_percent: Decimal | None = None


@dataclass(frozen=True)
class RecordedOrder:
    """An order that sales wrote down."""

    order_id: str
    number: str
    customer_id: str
    total: Money
    lines: tuple[ConfirmedLine, ...]


@dataclass(frozen=True)
class ConfirmedOrder(RecordedOrder):
    """An order that sales confirmed, and how its type lets it be paid and invoiced."""

    payment: str = "on_account"
    invoice_on: str = "shipment"
    down_payment_bp: int = 0


def keep_order(tx: Transaction, confirmed: ConfirmedOrder) -> None:
    """Keep what finance needs of a confirmed order to invoice it; a second time changes nothing."""
    orders.add_if_new(tx.connection, _kept(tx, confirmed), tx.now)


def keep_past_order(tx: Transaction, recorded: RecordedOrder) -> None:
    """Keep an order of another system for its past invoices; a second time changes nothing.

    It is written at the end of the transaction with all others that come in it: invoices name it only later.
    """
    tx.gather(orders.add_many, _kept(tx, ConfirmedOrder(**vars(recorded))))


def _kept(tx: Transaction, confirmed: ConfirmedOrder) -> Order:
    lines = tuple(_order_line(line) for line in confirmed.lines)
    return Order(
        order_id=confirmed.order_id,
        number=confirmed.number,
        customer_id=confirmed.customer_id,
        currency=confirmed.total.currency,
        total=confirmed.total,
        correlation_id=tx.cause.correlation_id or confirmed.order_id,
        lines=lines,
        payment=confirmed.payment,
        invoice_on=confirmed.invoice_on,
        down_payment_bp=confirmed.down_payment_bp,
    )


def _order_line(line: ConfirmedLine) -> OrderLine:
    return OrderLine(
        order_line_id=line.order_line_id,
        line_no=line.line_no,
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        amount=line.amount if line.net is None else line.net,
        invoiced_quantity=Quantity.zero(),
        invoiced_amount=Money.zero(line.amount.currency),
        tax=_tax(line),
    )


def _tax(line: ConfirmedLine) -> LineTax | None:
    if line.tax_code is None or line.tax is None or line.tax_percent is None:
        return None
    return LineTax(line.tax_code, ppm_of(line.tax_percent), line.tax)
