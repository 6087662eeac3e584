"""What promotions take off a line, and why: every one that was tried, and what became of it.

They are tried one after the other, the highest priority first, each on what those before it left; the arithmetic is
exact, and the line's amount is rounded once, half up. What a promotion took off is the difference of two amounts, so
that all of them together are exactly what the line is less than without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from libs.common.money import Money, Price, divide_half_up, exponent
from libs.common.quantity import Quantity
from services.sales.domain.amounts import EXACT_DECIMALS, LineAmount, line_amount
from services.sales.domain.audience import Stranger, stranger
from services.sales.domain.gifts import Bundle, Place
from services.sales.domain.options import Option
from services.sales.domain.pricing import Occasion
from services.sales.domain.promotion import Promotion

PromotionOutcome = (
    Stranger
    | Literal[
        "applied",
        "other_currency",
        "not_yet_valid",
        "no_longer_valid",
        "without_coupon",
        "price_was_set",
        "beside_exclusive",
        "condition_not_met",
        "nothing_left",
    ]
)


@dataclass(frozen=True, slots=True)
class PromotionAttempt:
    """A promotion that was tried, what became of it, and what it took off the line's amount."""

    promotion: Promotion
    outcome: PromotionOutcome
    off: Money


@dataclass(frozen=True, slots=True)
class Sale:
    """A line as promotions see it: its price, the discount that was given by hand, and where it stands.

    ``set_by_hand`` is whether a person set its price: then that is the price, and no promotion comes on top.
    """

    occasion: Occasion
    unit_price: Price
    discount_bp: int
    set_by_hand: bool
    place: Place
    coupon: str | None = None

    @property
    def plain(self) -> LineAmount:
        """What the line costs without promotions."""
        return line_amount(self.unit_price, self.occasion.quantity, self.discount_bp)


@dataclass(frozen=True, slots=True)
class Promoted:
    """A line with what promotions took off it."""

    sale: Sale
    attempts: tuple[PromotionAttempt, ...]

    @property
    def off(self) -> Money:
        """What they took off together."""
        return Money.total((attempt.off for attempt in self.attempts), self.sale.occasion.currency)

    @property
    def worth(self) -> LineAmount:
        """What the line costs in the end."""
        return self.sale.plain.less(self.off)


def places(
    quantities: Iterable[tuple[str, Quantity]],
    promotions: Iterable[Promotion],
    options: Sequence[Option | None] = (),
) -> list[Place]:
    """Return where each line of a document stands; of the others, only what bundles with its item look at.

    What may be left counts for no other line, and itself goes into sets last: so no line's price depends on a choice.
    """
    lines = list(quantities)
    optional = options or [None] * len(lines)
    bundles = [promotion.gift for promotion in promotions if isinstance(promotion.gift, Bundle)]
    whole: dict[str, Quantity] = {}
    above: list[Quantity] = []
    for (item_id, quantity), option in zip(lines, optional, strict=True):
        above.append(whole.get(item_id, Quantity.zero()))
        if option is None:
            whole[item_id] = above[-1] + quantity
    found = []
    for n, ((item_id, quantity), option) in enumerate(zip(lines, optional, strict=True)):
        beside = whole
        if option is not None:
            earlier = [lines[m][1] for m in range(n) if _goes_before(m, n, lines, optional)]
            above[n] = sum(earlier, whole.get(item_id, Quantity.zero()))
            beside = whole | {item_id: above[n] + quantity}
        found.append(Place(item_id, quantity, above[n], _beside(item_id, bundles, beside)))
    return found


def _goes_before(
    m: int, n: int, lines: Sequence[tuple[str, Quantity]], options: Sequence[Option | None]
) -> bool:
    """Tell whether the line at ``m``, which may be left, goes into sets before that at ``n``, if both are ordered."""
    one, other = options[m], options[n]
    return lines[m][0] == lines[n][0] and one is not None and not one.excludes(other)


def _beside(item_id: str, bundles: Iterable[Bundle], whole: dict[str, Quantity]) -> dict[str, Quantity]:
    looked_at = {part.item_id for bundle in bundles if bundle.concerns(item_id) for part in bundle.parts}
    return {other: whole[other] for other in sorted(looked_at) if other in whole}


def promote(sale: Sale, promotions: Iterable[Promotion]) -> Promoted:
    """Try every promotion that concerns the line's item and return what became of each."""
    step: int = 10 ** (EXACT_DECIMALS - exponent(sale.occasion.currency))
    left = Fraction(sale.plain.exact_e11, step)
    before = sale.plain.amount
    attempts: list[PromotionAttempt] = []
    had: list[Promotion] = []
    for promotion in _in_turn(promotions, sale.occasion.item_id):
        outcome = _misfit(promotion, sale) or _crowded(promotion, had)
        off = Fraction(0) if outcome else promotion.gift.off(left, sale.place)
        if outcome is None and not off:
            outcome = "condition_not_met" if left else "nothing_left"
        left -= off
        after = _rounded(left, sale.occasion.currency)
        attempts.append(PromotionAttempt(promotion, outcome or "applied", before - after))
        before = after
        had += [] if outcome else [promotion]
    return Promoted(sale, tuple(attempts))


def promote_again(promoted: Promoted, price: Price) -> Promoted:
    """Try on the line, at another price, those promotions that were tried on it; at its own price they do the same."""
    tried = [attempt.promotion for attempt in promoted.attempts]
    return promote(replace(promoted.sale, unit_price=price), tried)


def _in_turn(promotions: Iterable[Promotion], item_id: str) -> list[Promotion]:
    """Return those that concern the item, without the other items: by priority, then the last entered first."""
    found = [
        replace(promotion, gift=promotion.gift.of_the_line(item_id), max_uses=None)
        for promotion in sorted(promotions, key=lambda promotion: promotion.id, reverse=True)
        if promotion.gift.concerns(item_id)
    ]
    return sorted(found, key=lambda promotion: -promotion.priority)


def _rounded(exact_minor: Fraction, currency: str) -> Money:
    return Money(divide_half_up(exact_minor.numerator, exact_minor.denominator), currency)


def _crowded(promotion: Promotion, had: list[Promotion]) -> PromotionOutcome | None:
    alone = promotion.exclusive or any(other.exclusive for other in had)
    return "beside_exclusive" if had and alone else None


def _misfit(promotion: Promotion, sale: Sale) -> PromotionOutcome | None:
    occasion = sale.occasion
    found = stranger(promotion, occasion)
    if found is not None:
        return found
    if promotion.currency != occasion.currency:
        return "other_currency"
    if promotion.valid_from is not None and occasion.on < promotion.valid_from:
        return "not_yet_valid"
    if promotion.valid_until is not None and occasion.on > promotion.valid_until:
        return "no_longer_valid"
    if promotion.coupon not in (None, sale.coupon):
        return "without_coupon"
    return "price_was_set" if sale.set_by_hand else None
