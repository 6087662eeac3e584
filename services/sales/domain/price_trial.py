"""What a price policy would have made of a line that was priced without it: decided again from the line's own trace.

The policy is taken to have applied on that day already; every other rule, and every promotion, is the one that was
tried then, with the coupon that the quotation had. So what differs follows from the policy alone: by the price, and
by what promotions take off another price.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.errors import AmountTooLarge
from services.sales.domain.gifts import Place
from services.sales.domain.policy import PricePolicy
from services.sales.domain.pricing import PriceRule, PriceTrace, find_price
from services.sales.domain.promoting import Promoted, Sale, promote_again
from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_traces import promoted_of
from services.sales.domain.quotation_line import QuotationLine


@dataclass(frozen=True)
class TriedPromotion:
    """What a promotion took off a line, and what it would have taken off it at the tried price."""

    promotion: Promotion
    off_before: Money
    off_after: Money

    @property
    def difference(self) -> Money:
        """How much dearer the line would have been by it, because it takes less off; below zero: cheaper."""
        return self.off_before - self.off_after


@dataclass(frozen=True)
class TriedPrice:
    """A line with what it would have cost: nothing where no policy would have covered it any more.

    The amounts are of the whole line, less its discount and what promotions take off, before tax.
    """

    line: QuotationLine
    was: Promoted
    again: Promoted | None

    @property
    def before(self) -> Price:
        """What a unit cost by the policies."""
        return self.was.sale.unit_price

    @property
    def after(self) -> Price | None:
        """What a unit would have cost."""
        return None if self.again is None else self.again.sale.unit_price

    @property
    def amount_before(self) -> Money:
        """What the line cost."""
        return self.was.worth.amount

    @property
    def amount_after(self) -> Money | None:
        """What the line would have cost."""
        return None if self.again is None else self.again.worth.amount

    @property
    def difference(self) -> Money | None:
        """How much dearer the line would have been; below zero: cheaper."""
        return None if self.again is None else self.again.worth.amount - self.amount_before

    @property
    def by_price(self) -> Money | None:
        """How much of the difference comes from the price itself."""
        return None if self.again is None else self.again.sale.plain.amount - self.was.sale.plain.amount

    @property
    def by_promotions(self) -> Money | None:
        """How much of it comes from what promotions take off another price: the rest."""
        return None if self.again is None else self.was.off - self.again.off

    @property
    def promotions(self) -> tuple[TriedPromotion, ...]:
        """Those that took, or would have taken, something off: their differences are ``by_promotions``."""
        if self.again is None:
            return ()
        found = [
            TriedPromotion(old.promotion, old.off, new.off)
            for old, new in zip(self.was.attempts, self.again.attempts, strict=True)
        ]
        return tuple(each for each in found if each.off_before.minor or each.off_after.minor)


def rules_of(policy: PricePolicy) -> dict[str, list[PriceRule]]:
    """Return the rules of a policy that is not put to work yet, by item."""
    found: dict[str, list[PriceRule]] = {}
    for line in policy.lines:
        rule = PriceRule(
            policy_id=policy.id,
            policy=policy.name,
            revision=policy.revision,
            price=line.price,
            min_quantity=line.min_quantity,
            customer_id=policy.customer_id,
            valid_from=policy.valid_from,
            customer_group=policy.customer_group,
            channel=policy.channel,
            region=policy.region,
        )
        found.setdefault(line.item_id, []).append(rule)
    return found


def price_again(
    line: QuotationLine,
    policy: str,
    rules: Iterable[PriceRule],
    more: Iterable[PriceRule] = (),
    cost: Price | None = None,
) -> TriedPrice | None:
    """Return the line as it would be with ``rules`` in the place of those of the ``policy`` of that name.

    ``more`` are rules that the new ones are worked out of, ``cost`` what a unit costs now: each is used where the trace
    does not say it. Nothing where the price was set by hand, or would be the same.
    """
    trace = line.price_trace
    if trace.override is not None or trace.policy_price is None:
        return None
    price = decide_again(trace, policy, rules, more, cost).policy_price
    if price == trace.policy_price:
        return None
    was = promoted_on(line, trace, trace.policy_price)
    return TriedPrice(line, was, None if price is None else _promoted_again(line, was, price))


def promoted_on(line: QuotationLine, trace: PriceTrace, price: Price) -> Promoted:
    """Return what promotions did to the line: nothing, where there were none to try yet when it was priced."""
    had = promoted_of(line.trace_data or {}, trace)
    if had is not None:
        return had
    place = Place(line.item_id, line.quantity, Quantity.zero(), {})
    return Promoted(Sale(trace.occasion, price, line.discount_bp, False, place), ())


def _promoted_again(line: QuotationLine, was: Promoted, price: Price) -> Promoted:
    try:
        return promote_again(was, price)
    except ValueError:
        raise AmountTooLarge(
            f"{line.quantity} {line.uom} of {line.sku} could not be booked at that price", field="lines"
        ) from None


def decide_again(
    trace: PriceTrace,
    policy: str,
    rules: Iterable[PriceRule],
    more: Iterable[PriceRule] = (),
    cost: Price | None = None,
) -> PriceTrace:
    """Return how the price would have been found with ``rules`` in the place of the policy's, as in ``price_again``."""
    occasion = replace(trace.occasion, unit_cost=trace.occasion.unit_cost or cost)
    new = [_already(rule, occasion.on) for rule in rules]
    tried = [attempt.rule for attempt in trace.attempts if attempt.rule.policy != policy]
    bases = [rule for rule in trace.bases if rule.policy != policy]
    known = {rule.policy for rule in (*tried, *bases)} | {policy}
    return find_price(
        occasion, (*tried, *new), (*bases, *(rule for rule in more if rule.policy not in known))
    )


def _already(rule: PriceRule, on: date) -> PriceRule:
    """Return the rule as if it had begun by that day, and not ended."""
    begins = None if rule.valid_from is None else min(rule.valid_from, on)
    return replace(rule, valid_from=begins, valid_until=None)
