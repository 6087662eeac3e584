"""A quotation: what a customer may have, at which price, until when; accepted, it becomes an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP, LineAmount, exact_text, in_e11, line_amount, percent
from services.sales.domain.errors import (
    AmountTooLarge,
    CurrencyDiffers,
    DatesReversed,
    DiscountOutOfRange,
    InactiveItem,
    NoLines,
    NoPrice,
    PriceNegative,
    PriceOverrideForbidden,
    QuantityNotPositive,
    QuantityTooFine,
    QuotationClosed,
    QuotationExpired,
    UnknownItem,
)
from services.sales.domain.items import Item
from services.sales.domain.pricing import Override, PriceTrace, to_data

QuotationState = Literal["draft", "sent", "accepted", "expired", "declined", "cancelled"]
OPEN: tuple[QuotationState, ...] = ("draft", "sent")
MAX_LINES = 1000


@dataclass(frozen=True)
class RequestedLine:
    """What a caller wants on a line; ``unit_price`` only where it shall not come from the policies."""

    item_id: str
    quantity: Quantity
    discount_bp: int = 0
    unit_price: Price | None = None


@dataclass(frozen=True)
class Pen:
    """Who writes a quotation, and whether that person may set a price."""

    subject: str
    may_override: bool


@dataclass(frozen=True)
class QuotationLine:
    """A priced line; sku, name and unit are those of the day, whatever becomes of the item."""

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
    price_trace: PriceTrace

    @property
    def worth(self) -> LineAmount:
        """The amount together with the exact one."""
        return line_amount(self.unit_price, self.quantity, self.discount_bp)

    @property
    def exact_amount(self) -> str:
        """The amount before rounding, as plain digits."""
        return exact_text(self.worth.exact_e11, self.unit_price.currency)

    @property
    def trace_data(self) -> dict[str, Any]:
        """How the line came to its price, as plain data."""
        return to_data(self.price_trace)

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)


@dataclass(frozen=True)
class Quotation:
    """A quotation. ``rounding_e11`` is what rounding added over all lines, in 10^-11 of the major unit."""

    id: str
    number: str
    state: QuotationState
    customer_id: str
    currency: str
    issued_on: date
    valid_until: date
    total: Money
    rounding_e11: int
    lines_rounded: int
    lines: tuple[QuotationLine, ...]
    created_by: str
    promised_on: date | None = None
    order_id: str | None = None
    decline_reason: str | None = None
    version: int = 1

    @property
    def exact_total(self) -> str:
        """The total before rounding, as plain digits."""
        return exact_text(in_e11(self.total) - self.rounding_e11, self.currency)


def check_request(lines: Sequence[RequestedLine], issued_on: date, valid_until: date) -> None:
    """Refuse a request whose shape is wrong before anything is looked up for it."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise NoLines(f"a quotation has 1 to {MAX_LINES} lines", field="lines")
    if valid_until < issued_on:
        raise DatesReversed(
            "the quotation would end before it begins", field="valid_until", issued_on=issued_on
        )


def check_line(index: int, line: RequestedLine, item: Item | None, currency: str) -> Item:
    """Return the item of a line that may be sold; refuse what is not, naming the field."""
    where = f"lines.{index}"
    if item is None:
        raise UnknownItem(f"there is no item {line.item_id}", field=f"{where}.item_id")
    if not item.active:
        raise InactiveItem(f"{item.sku} is not sold any more", field=f"{where}.item_id")
    if line.quantity.milli <= 0:
        raise QuantityNotPositive("a quantity is more than zero", field=f"{where}.quantity")
    if not line.quantity.fits(item.decimals):
        cure = f"{item.sku} is sold in {item.uom} with {item.decimals} decimals."
        raise QuantityTooFine(
            f"{line.quantity} {item.uom} of {item.sku}", field=f"{where}.quantity", cure=cure
        )
    if not 0 <= line.discount_bp <= FULL_BP:
        raise DiscountOutOfRange("a discount is 0 to 100 %", field=f"{where}.discount_percent")
    _check_given_price(where, line.unit_price, currency)
    return item


def _check_given_price(where: str, given: Price | None, currency: str) -> None:
    if given is None:
        return
    if given.e4 < 0:
        raise PriceNegative("a price is not below zero", field=f"{where}.unit_price")
    if given.currency != currency:
        raise CurrencyDiffers(f"this customer buys in {currency}", field=f"{where}.unit_price")


def settle_price(index: int, given: Price | None, trace: PriceTrace, pen: Pen) -> PriceTrace:
    """Return the trace with the price that counts: the policy's, or the one given by someone who may."""
    field = f"lines.{index}.unit_price"
    if given is None:
        if trace.policy_price is None:
            raise NoPrice(
                "no price policy covers this item", field=field, cure="Define one, or give a unit price."
            )
        return trace
    if given == trace.policy_price:
        return trace
    if not pen.may_override:
        raise PriceOverrideForbidden(
            "only a sales manager may set a price",
            field=field,
            cure="Leave unit_price out, or ask a sales manager.",
            policy_price=trace.policy_price,
        )
    return replace(trace, override=Override(given, pen.subject))


def price_line(line_id: str, index: int, line: RequestedLine, item: Item, trace: PriceTrace) -> QuotationLine:
    """Return the finished line; its amount is rounded once, half up."""
    price = trace.price
    if price is None:
        raise NoPrice("no price policy covers this item", field=f"lines.{index}.unit_price")
    try:
        worth = line_amount(price, line.quantity, line.discount_bp)
    except ValueError:
        raise AmountTooLarge("the line's amount cannot be booked", field=f"lines.{index}.quantity") from None
    return QuotationLine(
        id=line_id,
        line_no=index + 1,
        item_id=item.id,
        sku=item.sku,
        name=item.name,
        uom=item.uom,
        quantity=line.quantity,
        unit_price=price,
        discount_bp=line.discount_bp,
        amount=worth.amount,
        price_trace=trace,
    )


def total_of(lines: Sequence[QuotationLine], currency: str) -> Money:
    """Return the sum of the booked amounts."""
    try:
        return Money.total((line.amount for line in lines), currency)
    except ValueError:
        raise AmountTooLarge("the total cannot be booked", field="lines") from None


def send(quotation: Quotation) -> Quotation:
    """Return the quotation as sent to the customer; only a draft can be."""
    if quotation.state != "draft":
        raise _closed(quotation, "sent")
    return replace(quotation, state="sent")


def accept(quotation: Quotation, order_id: str, today: date) -> Quotation:
    """Return the quotation as accepted, for ``order_id``; refuse a closed one and one past its last day."""
    if quotation.state == "expired" or (quotation.state in OPEN and quotation.valid_until < today):
        raise QuotationExpired(
            f"{quotation.number} was valid until {quotation.valid_until.isoformat()}",
            cure="Issue a new quotation.",
            valid_until=quotation.valid_until,
        )
    if quotation.state not in OPEN:
        raise _closed(quotation, "accepted")
    return replace(quotation, state="accepted", order_id=order_id)


def decline(quotation: Quotation, reason: str | None) -> Quotation:
    """Return the quotation as declined by the customer."""
    if quotation.state not in OPEN:
        raise _closed(quotation, "declined")
    return replace(quotation, state="declined", decline_reason=reason)


def expire(quotation: Quotation) -> Quotation:
    """Return the quotation as expired."""
    if quotation.state not in OPEN:
        raise _closed(quotation, "expired")
    return replace(quotation, state="expired")


def _closed(quotation: Quotation, act: str) -> QuotationClosed:
    figures = {} if quotation.order_id is None else {"order_id": quotation.order_id}
    return QuotationClosed(
        f"{quotation.number} is {quotation.state} and cannot be {act}", state=quotation.state, **figures
    )
