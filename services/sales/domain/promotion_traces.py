"""What promotions did to a line as plain data, beside its price trace, and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.amounts import basis_points, percent
from services.sales.domain.gifts import AmountOff, Bundle, FreeUnits, Gift, Part, PercentOff, Place
from services.sales.domain.pricing import PriceTrace
from services.sales.domain.promoting import Promoted, PromotionAttempt, Sale
from services.sales.domain.promotion import Promotion
from services.sales.domain.traces import aims_data, day_of, day_text


def promoted_data(promoted: Promoted) -> dict[str, Any]:
    """Return what promotions did to a line, and all that it was decided from beside its price."""
    sale = promoted.sale
    return {
        "discount_percent": str(percent(sale.discount_bp)),
        "coupon": sale.coupon,
        "above": str(sale.place.above),
        "beside": {item_id: str(quantity) for item_id, quantity in sale.place.beside.items()},
        "promotions": [_attempt_data(attempt) for attempt in promoted.attempts],
        "promotion": promoted.off.digits,
        "amount": promoted.worth.amount.digits,
    }


def _attempt_data(attempt: PromotionAttempt) -> dict[str, Any]:
    promotion = attempt.promotion
    return {
        "promotion_id": promotion.id,
        "promotion": promotion.name,
        "revision": promotion.revision,
        "currency": promotion.currency,
        "gift": gift_data(promotion.gift),
        "priority": promotion.priority,
        "exclusive": promotion.exclusive,
        **aims_data(promotion),
        "valid_from": day_text(promotion.valid_from),
        "valid_until": day_text(promotion.valid_until),
        "coupon": promotion.coupon,
        "outcome": attempt.outcome,
        "off": attempt.off.digits,
    }


def gave(trace: Mapping[str, Any], coupon: str) -> bool:
    """Tell whether a promotion that asks for ``coupon`` took anything off the line of a trace."""
    return any(
        each["coupon"] == coupon and each["outcome"] == "applied" and Decimal(each["off"]) > 0
        for each in trace.get("promotions", ())
    )


def gift_data(gift: Gift) -> dict[str, Any]:
    """Return a gift as plain data."""
    if isinstance(gift, Bundle):
        parts = [{"item_id": part.item_id, "quantity": str(part.quantity)} for part in gift.parts]
        return {"kind": gift.kind, "percent": str(percent(gift.percent_bp)), "parts": parts}
    if isinstance(gift, FreeUnits):
        units = {"buy": str(gift.buy), "free": str(gift.free)}
        return {"kind": gift.kind, **units, "items": list(gift.items)}
    if isinstance(gift, AmountOff):
        what = {"amount": gift.amount.digits}
    else:
        assert isinstance(gift, PercentOff)
        what = {"percent": str(percent(gift.percent_bp))}
    return {"kind": gift.kind, **what, "items": list(gift.items), "min_quantity": str(gift.min_quantity)}


def gift_of(data: Mapping[str, Any], currency: str) -> Gift:
    """Read a gift back."""
    if data["kind"] == "bundle":
        parts = tuple(Part(part["item_id"], Quantity.of(part["quantity"])) for part in data["parts"])
        return Bundle(_bp(data["percent"]), parts)
    items = tuple(data["items"])
    if data["kind"] == "free_units":
        return FreeUnits(Quantity.of(data["buy"]), Quantity.of(data["free"]), items)
    least = Quantity.of(data["min_quantity"])
    if data["kind"] == "amount_off":
        return AmountOff(Money.of(data["amount"], currency), items, least)
    return PercentOff(_bp(data["percent"]), items, least)


def _bp(text: str) -> int:
    return basis_points(Decimal(text))


def promoted_of(data: Mapping[str, Any], trace: PriceTrace) -> Promoted | None:
    """Read back what promotions did to the line of ``trace``; ``None`` where there were none to try yet."""
    price = trace.price
    if "promotions" not in data or price is None:
        return None
    occasion = trace.occasion
    beside = {item_id: Quantity.of(text) for item_id, text in data["beside"].items()}
    place = Place(occasion.item_id, occasion.quantity, Quantity.of(data["above"]), beside)
    by_hand = trace.override is not None
    sale = Sale(occasion, price, _bp(data["discount_percent"]), by_hand, place, data["coupon"])
    return Promoted(sale, tuple(_attempt(each, occasion.currency) for each in data["promotions"]))


def _attempt(data: Mapping[str, Any], paid_in: str) -> PromotionAttempt:
    currency = data["currency"]
    promotion = Promotion(
        id=data["promotion_id"],
        name=data["promotion"],
        revision=data["revision"],
        currency=currency,
        gift=gift_of(data["gift"], currency),
        priority=data["priority"],
        exclusive=data["exclusive"],
        customer_id=data["customer_id"],
        customer_group=data["customer_group"],
        channel=data["channel"],
        region=data["region"],
        valid_from=day_of(data["valid_from"]),
        valid_until=day_of(data["valid_until"]),
        coupon=data["coupon"],
    )
    return PromotionAttempt(promotion, data["outcome"], Money.of(data["off"], paid_in))
