"""A promotion: what it gives, to whom, when, with which coupon, and beside which others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.sales.domain.amounts import FULL_BP
from services.sales.domain.errors import (
    CurrencyDiffers,
    DatesReversed,
    DiscountOutOfRange,
    QuantityNotPositive,
    UnknownItem,
)
from services.sales.domain.gifts import AmountOff, Bundle, FreeUnits, Gift, PercentOff
from services.sales.domain.promotion_errors import (
    GiftOfNothing,
    PartNamedTwice,
    UsesWithoutCoupon,
)


@dataclass(frozen=True)
class Promotion:
    """A promotion under a name. A later revision of the same name takes the place of the one before.

    Of those that a line can have, the one with the highest ``priority`` is tried first, and the later entered before
    the earlier. An ``exclusive`` one stands alone: it is not had beside another, nor another beside it. One with a
    ``coupon`` is for documents that bear its code, as often as ``max_uses`` says.
    """

    id: str
    name: str
    revision: int
    currency: str
    gift: Gift
    priority: int = 0
    exclusive: bool = False
    customer_id: str | None = None
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    coupon: str | None = None
    max_uses: int | None = None
    superseded_by: str | None = None
    version: int = 1


def items_of(gift: Gift) -> Iterable[tuple[str, str]]:
    """Return the items that a gift names, each with where it names it."""
    if isinstance(gift, Bundle):
        return [(f"bundle.parts.{n}.item_id", part.item_id) for n, part in enumerate(gift.parts)]
    if isinstance(gift, PercentOff | AmountOff | FreeUnits):
        return [(f"{gift.kind}.items.{n}", item_id) for n, item_id in enumerate(gift.items)]
    return []


def check_promotion(promotion: Promotion, known_items: frozenset[str]) -> None:
    """Refuse a promotion that could never give anything, or that contradicts itself."""
    first, last = promotion.valid_from, promotion.valid_until
    if first is not None and last is not None and last < first:
        raise DatesReversed("the promotion ends before it begins", field="valid_until", valid_from=first)
    if promotion.max_uses is not None and promotion.coupon is None:
        raise UsesWithoutCoupon("only a coupon is used so many times", field="max_uses")
    for field, item_id in items_of(promotion.gift):
        if item_id not in known_items:
            raise UnknownItem(f"there is no item {item_id}", field=field)
    _check_gift(promotion.gift, promotion.currency)


def _check_gift(gift: Gift, currency: str) -> None:
    if isinstance(gift, PercentOff | Bundle):
        _check_percent(gift.percent_bp, f"{gift.kind}.percent")
    if isinstance(gift, PercentOff | AmountOff) and gift.min_quantity.milli <= 0:
        raise QuantityNotPositive("a line has more than nothing", field=f"{gift.kind}.min_quantity")
    if isinstance(gift, AmountOff):
        _check_amount(gift, currency)
    if isinstance(gift, FreeUnits):
        for name, quantity in (("buy", gift.buy), ("free", gift.free)):
            if quantity.milli <= 0:
                raise QuantityNotPositive("some are bought, and some are free", field=f"free_units.{name}")
    if isinstance(gift, Bundle):
        _check_parts(gift)


def _check_percent(percent_bp: int, field: str) -> None:
    if percent_bp == 0:
        raise GiftOfNothing("0 % off is nothing", field=field)
    if not 0 < percent_bp <= FULL_BP:
        raise DiscountOutOfRange("a promotion takes 0 to 100 % off", field=field)


def _check_amount(gift: AmountOff, currency: str) -> None:
    if gift.amount.currency != currency:
        raise CurrencyDiffers(f"the promotion is in {currency}", field="amount_off.amount")
    if gift.amount.minor <= 0:
        raise GiftOfNothing("an amount of nothing off is nothing", field="amount_off.amount")


def _check_parts(gift: Bundle) -> None:
    seen: set[str] = set()
    for n, part in enumerate(gift.parts):
        if part.quantity.milli <= 0:
            raise QuantityNotPositive("a set holds more than nothing", field=f"bundle.parts.{n}.quantity")
        if part.item_id in seen:
            raise PartNamedTwice("an item stands in a set once", field=f"bundle.parts.{n}.item_id")
        seen.add(part.item_id)
