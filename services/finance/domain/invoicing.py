"""Invoices by what was shipped: each part of an order line bears its share; the shares sum to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.invoicing_errors import (
    ShippedMoreThanOrdered,
    ShippedToAnother,
    ShippedUnknownLine,
)
from services.finance.domain.kept import Kept, worth_of_invoiced
from services.finance.domain.taxes import Deduction, LineTax, Taxed, TaxTotal, totals_by_rate

InvoiceState = Literal["draft", "posted", "cancelled"]
PaymentState = Literal["not_paid", "partial", "paid"]
InvoiceKind = Literal["goods", "down_payment"]
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class OrderLine(Taxed):
    """One line of a confirmed order, and how much of it is invoiced already; amounts are without tax.

    ``waived`` will never be invoiced: it was given up, or refused at the door; of what is kept, ``kept_waived``.
    """

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    invoiced_quantity: Quantity
    invoiced_amount: Money
    tax: LineTax | None = None
    invoiced_tax: Money | None = None
    kept: Kept | None = None
    waived: Quantity = _NOTHING
    kept_waived: Quantity = _NOTHING

    @property
    def left(self) -> Quantity:
        """What of the line is still to be invoiced."""
        return self.quantity - self.invoiced_quantity - self.waived


@dataclass(frozen=True)
class Order:
    """A confirmed order as finance needs it.

    ``payment``: ``on_account``, ``advance`` or ``cash``. ``invoice_on``: ``shipment``, ``order`` for all at once, or
    ``delivery`` for what was signed for. ``down_payment_bp`` is invoiced ahead, in hundredths of a percent.
    ``change_no`` is the number of the last change that it reads by; 0: none.
    """

    order_id: str
    number: str
    customer_id: str
    currency: str
    total: Money
    correlation_id: str
    lines: tuple[OrderLine, ...]
    payment: str = "on_account"
    invoice_on: str = "shipment"
    change_no: int = 0
    down_payment_bp: int = 0

    @property
    def is_invoiced(self) -> bool:
        """Whether nothing of it is left to be invoiced."""
        return not any(line.left for line in self.lines)


@dataclass(frozen=True)
class InvoiceLine(Taxed):
    """A shipped part of an order line and what it costs, without tax and the tax."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    tax: LineTax | None = None


@dataclass(frozen=True)
class Draft:
    """The content of one delivery's invoice, before it gets a number; the total is with tax.

    ``deductions`` were invoiced before and are not in the total any more.
    """

    lines: tuple[InvoiceLine, ...]
    total: Money
    order_fully_invoiced: bool
    deductions: tuple[Deduction, ...] = ()

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums for each code and rate of tax."""
        return totals_by_rate([*self.lines, *(each.taken_off for each in self.deductions)])

    @property
    def tax(self) -> Money:
        """The tax that the total contains."""
        return Money.total((each.tax for each in self.taxes), self.total.currency)

    @property
    def deducted(self) -> Money:
        """What is deducted, without tax."""
        return Money.total((each.amount for each in self.deductions), self.total.currency)


@dataclass(frozen=True)
class Invoice:
    """A claim on a customer for one delivery. Once posted, only ``open`` and what follows from it change.

    ``total`` contains ``tax_minor``; ``company`` is what it is carried at, where it is of another currency than the
    company's. ``paid_by`` is how its order is paid, which is known of an invoice only as it is posted. Whoever pays
    all of it by ``discount_until`` may leave out the ``discount``.
    """

    invoice_id: str
    number: str
    order_id: str
    delivery_id: str
    customer_id: str
    posted_on: date
    due_on: date
    total: Money
    open: Money
    correlation_id: str
    state: InvoiceState = "posted"
    version: int = 1
    paid_by: str = "on_account"
    tax_minor: int = 0
    company: Money | None = None
    kind: InvoiceKind = "goods"
    discount: Money | None = None
    discount_until: date | None = None
    follows_down_payment: bool = False

    @property
    def payment_state(self) -> PaymentState:
        """How far the invoice is paid."""
        return payment_state(self.total, self.open)


def payment_state(total: Money, open_amount: Money) -> PaymentState:
    """Return how far a claim of ``total`` is paid; one of nothing is paid from the start."""
    if not open_amount:
        return "paid"
    return "not_paid" if open_amount == total else "partial"


def part_amount(line: OrderLine, quantity: Quantity) -> Money:
    """Return the amount of a further ``quantity`` of ``line``.

    It is the line's share up to and including this part, less what earlier parts bore, so that whatever the
    parts are, all of them together are exactly the line's amount; what had left before the line was changed bears its
    share of what it cost then.
    """
    reached = line.invoiced_quantity + quantity
    if quantity <= Quantity.zero() or quantity > line.left:
        raise ShippedMoreThanOrdered(
            f"line {line.line_no} ({line.sku}): {quantity} shipped, {line.left} left",
            cure="correct the delivery, or order the additional quantity",
            ordered=line.quantity,
            invoiced=line.invoiced_quantity,
            shipped=quantity,
        )
    return _further(worth_of_invoiced(line, reached)[0], line.invoiced_amount)


def _further(reached: Money, before: Money) -> Money:
    """Return what is billed to come to ``reached``; a cent that a change left too much is evened by later parts."""
    return max(reached - before, Money.zero(reached.currency))


def check_account(order: Order, account: Account) -> None:
    """Refuse to bill an order to an account that is not its customer's, or is kept in another currency."""
    if (order.customer_id, order.currency) != (account.customer_id, account.currency):
        raise ShippedToAnother(
            f"order {order.number} is customer {order.customer_id}'s in {order.currency}, not account "
            f"{account.number}'s in {account.currency}",
            cure="correct the delivery's customer or the account's currency",
        )


def quantities_by_line(shipped: Iterable[tuple[str, Quantity]]) -> dict[str, Quantity]:
    """Return the quantity per order line; a line shipped from several lots counts once, with their sum."""
    totals: dict[str, Quantity] = {}
    for order_line_id, quantity in shipped:
        totals[order_line_id] = totals.get(order_line_id, Quantity.zero()) + quantity
    return totals


def draft_invoice(order: Order, shipped: Sequence[tuple[str, Quantity]]) -> Draft:
    """Return the invoice of a shipment of (order line id, quantity), in the sequence of the order's lines."""
    quantities = quantities_by_line(shipped)
    unknown = quantities.keys() - {line.order_line_id for line in order.lines}
    if unknown or not quantities:
        named = ", ".join(sorted(unknown)) or "(none named)"
        raise ShippedUnknownLine(f"order {order.number} has no such line: {named}")
    billed = [line for line in order.lines if line.order_line_id in quantities]
    lines = tuple(_part(no, line, quantities[line.order_line_id]) for no, line in enumerate(billed, 1))
    total = Money.total((line.gross for line in lines), order.currency)
    return Draft(lines, total, _completes(order, quantities))


def _part(line_no: int, line: OrderLine, quantity: Quantity) -> InvoiceLine:
    amount = part_amount(line, quantity)
    return InvoiceLine(
        line_no,
        line.order_line_id,
        line.item_id,
        line.sku,
        line.name,
        quantity,
        amount,
        _part_tax(line, quantity),
    )


def _part_tax(line: OrderLine, quantity: Quantity) -> LineTax | None:
    """Return the tax of a further ``quantity`` of ``line``: like its amount, what it grows by."""
    if line.tax is None:
        return None
    _, reached = worth_of_invoiced(line, line.invoiced_quantity + quantity)
    before = line.invoiced_tax or Money.zero(reached.currency)
    return replace(line.tax, amount=_further(reached, before))


def _completes(order: Order, quantities: Mapping[str, Quantity]) -> bool:
    nothing = Quantity.zero()
    return all(line.left == quantities.get(line.order_line_id, nothing) for line in order.lines)
