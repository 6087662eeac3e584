"""Try a price policy on the last quotations before it is put to work: which lines would have cost how much more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.money import Money
from services.sales.domain.policy import PricePolicy, bases_of
from services.sales.domain.price_trial import TriedPrice, price_again, rules_of
from services.sales.domain.pricing import PriceRule
from services.sales.domain.quotation import total_of
from services.sales.store import items, policies
from services.sales.store.quoted_lines import QuotedLine, last_quoted
from services.sales.use_cases.define_price_policy import DefinePricePolicy, draw_price_policy

SHOWN = 200
"""So many lines are told at most; all are counted."""


@dataclass(frozen=True)
class RepricedLine:
    """A line of a quotation, and what would have become of its price."""

    quoted: QuotedLine
    tried: TriedPrice


@dataclass(frozen=True)
class PromotionShare:
    """How much of a difference comes from what a promotion, under its name, takes off the other prices."""

    promotion: str
    difference: Money


@dataclass(frozen=True)
class PolicyTrial:
    """What a policy would have done to the last quotations.

    ``looked_at`` lines are of items that it prices or priced, in its currency; ``unpriced`` of those that would have
    changed nobody could have quoted. ``difference`` is how much dearer all that still have a price would have been, of
    which ``by_price`` comes from the price itself, and the rest from each of the ``promotions``.
    """

    looked_at: int
    changed: int
    dearer: int
    cheaper: int
    unpriced: int
    difference: Money
    by_price: Money
    by_promotions: Money
    promotions: tuple[PromotionShare, ...]
    lines: tuple[RepricedLine, ...]


def try_price_policy(tx: Transaction, command: DefinePricePolicy, last: int) -> PolicyTrial:
    """Price the lines of the ``last`` quotations again as if the policy had applied already; nothing is stored.

    The promotions that each was given then are given again, on the price that it would have had.

    What would be refused if it were put to work is refused here by the same name.
    """
    policy = draw_price_policy(tx, command)
    rules = rules_of(policy)
    concerned = set(rules) | policies.items_priced_by(tx.connection, policy.name)
    quoted = last_quoted(tx.connection, policy.currency, concerned, last)
    changed = list(_changed(tx, policy, rules, quoted))
    differences = [each.tried.difference for each in changed if each.tried.difference is not None]
    difference = total_of(differences, policy.currency)
    by_promotion = _by_promotion(changed)
    by_promotions = total_of((share.difference for share in by_promotion), policy.currency)
    return PolicyTrial(
        looked_at=len(quoted),
        changed=len(changed),
        dearer=sum(each.minor > 0 for each in differences),
        cheaper=sum(each.minor < 0 for each in differences),
        unpriced=sum(each.tried.after is None for each in changed),
        difference=difference,
        by_price=difference - by_promotions,
        by_promotions=by_promotions,
        promotions=by_promotion,
        lines=tuple(changed[:SHOWN]),
    )


def _by_promotion(changed: Iterable[RepricedLine]) -> tuple[PromotionShare, ...]:
    shares: dict[str, Money] = {}
    for each in changed:
        for tried in each.tried.promotions:
            name = tried.promotion.name
            shares[name] = shares[name] + tried.difference if name in shares else tried.difference
    return tuple(PromotionShare(name, shares[name]) for name in sorted(shares))


def _changed(
    tx: Transaction, policy: PricePolicy, rules: dict[str, list[PriceRule]], quoted: Sequence[QuotedLine]
) -> Iterator[RepricedLine]:
    known = items.known(tx.connection, {each.line.item_id for each in quoted})
    more = _bases(tx, rules, quoted) if bases_of(policy.lines) else {}
    for each in quoted:
        item = known.get(each.line.item_id)
        tried = price_again(
            each.line,
            policy.name,
            rules.get(each.line.item_id, ()),
            more.get(each.customer_id, {}).get(each.line.item_id, ()),
            item.unit_cost if item else None,
        )
        if tried is not None:
            yield RepricedLine(each, tried)


def _bases(
    tx: Transaction, rules: dict[str, list[PriceRule]], quoted: Iterable[QuotedLine]
) -> dict[str, dict[str, list[PriceRule]]]:
    """Return what the new prices are worked out of, by customer and item: read once for each customer."""
    items_of: dict[str, set[str]] = {}
    for each in quoted:
        items_of.setdefault(each.customer_id, set()).add(each.line.item_id)
    return {
        customer_id: policies.bases_for(
            tx.connection, item_ids, customer_id, [rule for each in item_ids for rule in rules.get(each, ())]
        )
        for customer_id, item_ids in items_of.items()
    }
