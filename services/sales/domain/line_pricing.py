"""From what a caller wants on a line to the priced line: what may be sold, how finely, and at whose price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP, percent
from services.sales.domain.errors import (
    AmountTooLarge,
    CurrencyDiffers,
    DiscountOutOfRange,
    InactiveItem,
    NoPrice,
    PriceNegative,
    PriceOverrideForbidden,
    QuantityNotPositive,
    QuantityTooFine,
    UnknownItem,
)
from services.sales.domain.gifts import Place
from services.sales.domain.items import Item
from services.sales.domain.options import ALWAYS, Option, WantedOption
from services.sales.domain.pricing import Override, PriceTrace
from services.sales.domain.promoting import Promoted, Sale, promote
from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_errors import CouponWithoutEffect
from services.sales.domain.promotion_traces import gave, promoted_data
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.taxes import LineTax
from services.sales.domain.traces import to_data


@dataclass(frozen=True)
class RequestedLine:
    """What a caller wants on a line; ``unit_price`` only where it shall not come from the policies."""

    item_id: str
    quantity: Quantity
    discount_bp: int = 0
    unit_price: Price | None = None
    option: WantedOption = ALWAYS

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)


@dataclass(frozen=True)
class TriedLine:
    """How a line would be priced; without ``unit_price`` and ``amount`` where no policy covers it."""

    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    unit_price: Price | None
    discount_bp: int
    promotion: Money | None
    amount: Money | None
    trace_data: Mapping[str, Any]
    tax: LineTax | None = None

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a percentage."""
        return percent(self.discount_bp)


@dataclass(frozen=True)
class Pen:
    """Who writes a quotation, and whether that person may set a price."""

    subject: str
    may_override: bool


def check_line(index: int, line: RequestedLine, item: Item | None, currency: str) -> Item:
    """Return the item of a line that may be sold; refuse what is not, naming the field."""
    item = known_item(index, line, item)
    if not item.active:
        raise InactiveItem(f"{item.sku} is not sold any more", field=f"lines.{index}.item_id")
    check_figures(index, line, item, currency)
    return item


def known_item(index: int, line: RequestedLine, item: Item | None) -> Item:
    """Return the item; refuse one that sales has not heard of, naming the field."""
    if item is None:
        raise UnknownItem(f"there is no item {line.item_id}", field=f"lines.{index}.item_id")
    return item


def check_figures(index: int, line: RequestedLine, item: Item, currency: str) -> None:
    """Refuse a quantity, discount or given price that no line of ``item`` can have, naming the field."""
    where = f"lines.{index}"
    if line.quantity.milli <= 0:
        raise QuantityNotPositive("a quantity is more than zero", field=f"{where}.quantity")
    check_granularity(line.quantity, item, f"{where}.quantity")
    if not 0 <= line.discount_bp <= FULL_BP:
        raise DiscountOutOfRange("a discount is 0 to 100 %", field=f"{where}.discount_percent")
    _check_given_price(where, line.unit_price, currency)


def check_granularity(quantity: Quantity, item: Item, field: str) -> None:
    """Refuse a quantity that is finer than ``item`` is divided."""
    if not quantity.fits(item.decimals):
        cure = f"{item.sku} is sold in {item.uom} with {item.decimals} decimals."
        raise QuantityTooFine(f"{quantity} {item.uom} of {item.sku}", field=field, cure=cure)


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


@dataclass(frozen=True)
class Offer:
    """What a document may have beside its prices: the promotions to try, and the coupon that it bears."""

    promotions: tuple[Promotion, ...] = ()
    coupon: str | None = None


def price_line(
    line_id: str,
    index: int,
    line: RequestedLine,
    item: Item,
    trace: PriceTrace,
    place: Place | None = None,
    offer: Offer = Offer(),
    option: Option | None = None,
) -> QuotationLine:
    """Return the finished line; its amount is rounded once, half up."""
    price = trace.price
    if price is None:
        raise NoPrice("no price policy covers this item", field=f"lines.{index}.unit_price")
    promoted = _promoted(index, line, trace, price, place, offer)
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
        amount=promoted.worth.amount,
        promotion=promoted.off,
        trace_data=to_data(trace) | promoted_data(promoted),
        unit_cost=item.unit_cost if item.unit_cost and item.unit_cost.currency == price.currency else None,
        option=option,
    )


def try_line(
    index: int, line: RequestedLine, item: Item, trace: PriceTrace, place: Place, offer: Offer
) -> TriedLine:
    """Return how the line would be priced, at the policies' price."""
    price = trace.policy_price
    promoted = None if price is None else _promoted(index, line, trace, price, place, offer)
    return TriedLine(
        item_id=item.id,
        sku=item.sku,
        name=item.name,
        uom=item.uom,
        quantity=line.quantity,
        unit_price=price,
        discount_bp=line.discount_bp,
        promotion=None if promoted is None else promoted.off,
        amount=None if promoted is None else promoted.worth.amount,
        trace_data=to_data(trace) | (promoted_data(promoted) if promoted else {}),
    )


def _promoted(
    index: int, line: RequestedLine, trace: PriceTrace, price: Price, place: Place | None, offer: Offer
) -> Promoted:
    stands = place or Place(line.item_id, line.quantity, Quantity.zero(), {})
    by_hand = trace.override is not None
    try:
        sale = Sale(trace.occasion, price, line.discount_bp, by_hand, stands, offer.coupon)
        return promote(sale, offer.promotions)
    except ValueError:
        raise AmountTooLarge("the line's amount cannot be booked", field=f"lines.{index}.quantity") from None


def require_effect(coupon: str | None, lines: Iterable[QuotationLine]) -> None:
    """Refuse a coupon that takes nothing off any line that is sure to be ordered: it might be used up for nothing."""
    sure = (line.trace_data or {} for line in lines if line.option is None)
    if coupon is not None and not any(gave(data, coupon) for data in sure):
        raise CouponWithoutEffect(f"{coupon} takes nothing off what is wanted", field="coupon")
