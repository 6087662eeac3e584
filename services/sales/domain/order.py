"""A sales order from its placing to its end; state, delivery, billing and payment are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import LineAmount, exact_text, in_e11, line_amount, percent
from services.sales.domain.errors import OrderRecorded, OrderShipped, OrderStateRefuses
from services.sales.domain.holds import Hold
from services.sales.domain.kept import Kept
from services.sales.domain.margins import LineMargin, Margin, total_cost
from services.sales.domain.order_type import STANDARD
from services.sales.domain.quotation import Quotation
from services.sales.domain.taxes import (
    NO_RULE,
    LineTax,
    TaxedDocument,
    TaxRule,
    TaxTotal,
    totals_by_rate,
)
from services.sales.domain.ticket_order import NO_TICKET, AskingTicket

OrderState = Literal["pending", "confirmed", "processing", "done", "cancelled"]
DeliveryStatus = Literal["none", "waiting", "partial", "full"]
BillingStatus = Literal["none", "to_invoice", "partial", "invoiced"]
PaymentStatus = Literal["not_paid", "partial", "paid"]
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class OrderLine(LineMargin):
    """An ordered line, how much of it has been shipped and invoiced, and what will never be shipped.

    ``amount`` is what is booked, with ``promotion`` taken off already. Where terms changed after a part had left, that
    is ``kept``, and price, discount and promotion are those of the rest. ``not_invoiced`` left and never will be,
    because it was refused at the door, or came back before anybody had signed for it.
    """

    id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    unit_price: Price
    discount_bp: int
    amount: Money
    promotion: Money
    shipped: Quantity
    invoiced: Quantity
    given_up: Quantity
    unit_cost: Price | None = None
    tax: LineTax | None = None
    kept: Kept | None = None
    not_invoiced: Quantity = _NOTHING

    @property
    def to_ship(self) -> Quantity:
        """What is still to leave the house."""
        return self.quantity - self.given_up - self.shipped

    @property
    def worth(self) -> LineAmount:
        """The amount together with the exact one; what is kept counts as it was booked."""
        if self.kept is None:
            return line_amount(self.unit_price, self.quantity, self.discount_bp).less(self.promotion)
        rest = line_amount(self.unit_price, self.quantity - self.kept.quantity, self.discount_bp)
        return rest.less(self.promotion - self.kept.amount(self.tax))

    @property
    def exact_amount(self) -> str:
        """The amount before rounding, as plain digits."""
        return exact_text(self.worth.exact_e11, self.unit_price.currency)

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)


@dataclass(frozen=True)
class Order(TaxedDocument, Margin):
    """A sales order. ``conversation_id`` names everything that follows from it, in every service.

    One without ``quotation_id`` was recorded: another system made it, and no saga drives it.
    """

    id: str
    number: str
    quotation_id: str | None
    customer_id: str
    currency: str
    conversation_id: str
    ordered_on: date
    total: Money
    rounding_e11: int
    lines_rounded: int
    invoiced: Money
    paid: Money
    created_by: str
    lines: tuple[OrderLine, ...] = ()
    holds: tuple[Hold, ...] = ()
    promised_on: date | None = None
    state: OrderState = "pending"
    delivery_status: DeliveryStatus = "none"
    billing_status: BillingStatus = "none"
    payment_status: PaymentStatus = "not_paid"
    cancel_requested_at: datetime | None = None
    cancel_reason: str | None = None
    cancel_detail: str | None = None
    version: int = 1
    order_type: str = STANDARD
    order_type_version: int = 1
    tax_minor: int = 0
    tax_rule: TaxRule = NO_RULE
    ticket: AskingTicket = NO_TICKET

    @property
    def is_recorded(self) -> bool:
        """Whether the order was brought in from another system."""
        return self.quotation_id is None

    @property
    def earned(self) -> Money:
        """What the customer pays, without tax."""
        return self.net

    @property
    def cost(self) -> Money | None:
        """What all lines cost when they were priced, where that is known of each."""
        return total_cost([line.cost for line in self.lines], self.currency)

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums of the lines for each code and rate of tax."""
        return totals_by_rate(self.lines)

    @property
    def exact_total(self) -> str:
        """What the prices make before rounding, as plain digits."""
        return exact_text(in_e11(self.priced) - self.rounding_e11, self.currency)

    @property
    def open_holds(self) -> tuple[Hold, ...]:
        """The holds that still stand in the way."""
        return tuple(hold for hold in self.holds if hold.is_open)


def place_order(
    quotation: Quotation,
    *,
    order_id: str,
    number: str,
    ordered_on: date,
    created_by: str,
    line_ids: Sequence[str],
) -> Order:
    """Return the order that an accepted quotation becomes; its figures are the quotation's, to the last digit."""
    return Order(
        id=order_id,
        number=number,
        quotation_id=quotation.id,
        customer_id=quotation.customer_id,
        currency=quotation.currency,
        conversation_id=quotation.id,
        ordered_on=ordered_on,
        promised_on=quotation.promised_on,
        total=quotation.total,
        rounding_e11=quotation.rounding_e11,
        lines_rounded=quotation.lines_rounded,
        invoiced=Money.zero(quotation.currency),
        paid=Money.zero(quotation.currency),
        created_by=created_by,
        order_type=quotation.order_type,
        order_type_version=quotation.order_type_version,
        tax_minor=quotation.tax_minor,
        tax_rule=quotation.tax_rule,
        ticket=quotation.ticket,
        lines=tuple(
            OrderLine(
                id=line_id,
                line_no=line.line_no,
                item_id=line.item_id,
                sku=line.sku,
                name=line.name,
                uom=line.uom,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount_bp=line.discount_bp,
                amount=line.amount,
                promotion=line.promotion,
                tax=line.tax,
                shipped=Quantity.zero(),
                invoiced=Quantity.zero(),
                given_up=Quantity.zero(),
                unit_cost=line.unit_cost,
            )
            for line_id, line in zip(line_ids, quotation.lines, strict=True)
        ),
    )


def confirm(order: Order) -> Order:
    """Return the order as confirmed: stock and credit are held, from here the goods go out."""
    if order.state != "pending":
        raise OrderStateRefuses(f"{order.number} is {order.state} and cannot be confirmed", state=order.state)
    return replace(order, state="confirmed", delivery_status="waiting")


def check_cancellable(order: Order) -> None:
    """Refuse to cancel what has left the house, in part or in full, or was agreed in another system."""
    if order.is_recorded:
        raise OrderRecorded(
            f"{order.number} was brought in from another system",
            cure="End it there; here its shipments, invoices and payments can be brought in.",
            state=order.state,
        )
    if order.delivery_status in ("partial", "full") or order.state in ("processing", "done"):
        raise OrderShipped(
            f"goods of {order.number} have been shipped",
            cure="Take the goods back; give up what has not left by a change of the order.",
            state=order.state,
            delivery_status=order.delivery_status,
        )


def request_cancel(order: Order, reason: str, now: datetime) -> Order:
    """Return the order with the wish to cancel it noted; it is cancelled once nothing is held for it any more."""
    return replace(order, cancel_requested_at=now, cancel_reason=reason)


def resume(order: Order) -> Order:
    """Return the order without the wish to cancel it: the goods were faster."""
    return replace(order, cancel_requested_at=None, cancel_reason=None, cancel_detail=None)


def cancel(order: Order, reason: str, detail: str | None) -> Order:
    """Return the order as cancelled with its reason."""
    if order.state in ("processing", "done", "cancelled"):
        raise OrderStateRefuses(f"{order.number} is {order.state} and cannot be cancelled", state=order.state)
    off = replace(order, state="cancelled", delivery_status="none")
    return replace(off, cancel_reason=reason, cancel_detail=detail)
