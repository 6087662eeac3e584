"""Goods that left and are not invoiced yet: they are until the customer has signed for them, and never if refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.ledger import Entry, Posting
from services.finance.domain.roles import COST_OF_SALES, IN_TRANSIT, STOCK

_NONE = Quantity.zero()


@dataclass(frozen=True)
class Travelling:
    """What of an order line is on its way with one delivery, and what of its cost; ``cost`` where it is known."""

    order_line_id: str
    quantity: Quantity
    cost: Money | None


@dataclass(frozen=True)
class Arrival:
    """What finance keeps of an arrival: the number of the return that it began, as long as that is expected."""

    delivery_id: str
    return_number: str | None


def taken(line: Travelling, quantity: Quantity) -> tuple[Travelling, Travelling]:
    """Return the part of ``quantity`` that arrives or comes back, and what then is still on its way.

    The part bears its share of the cost that is left, so that the last of the goods takes the last of the cost.
    """
    cost = line.cost and line.cost.share(quantity.milli, line.quantity.milli)
    part = replace(line, quantity=quantity, cost=cost)
    rest = None if line.cost is None or cost is None else line.cost - cost
    return part, replace(line, quantity=line.quantity - quantity, cost=rest)


def accepted(lines: Sequence[Travelling], refused: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return how much of each line the customer has taken: all that is on its way but what was refused."""
    left = {line.order_line_id: line.quantity - refused.get(line.order_line_id, _NONE) for line in lines}
    return {line_id: quantity for line_id, quantity in left.items() if quantity > _NONE}


def returned(
    lines: Sequence[Travelling],
    back: Mapping[str, Quantity],
    billed: Mapping[str, Quantity],
    *,
    refused_first: bool,
) -> dict[str, Quantity]:
    """Return what of goods that came ``back`` was never invoiced, by order line.

    ``refused_first``: they are those that were refused or never arrived. Else they are of the ``billed`` ones, as far
    as those reach.
    """
    found = {}
    for line in lines:
        came = back.get(line.order_line_id, _NONE)
        if not refused_first:
            came = max(came - billed.get(line.order_line_id, _NONE), _NONE)
        if came:
            found[line.order_line_id] = min(came, line.quantity)
    return {line_id: quantity for line_id, quantity in found.items() if quantity}


def arrival_entry(
    delivery_id: str, number: str, customer_id: str, on: date, costs: Sequence[Money | None]
) -> Entry | None:
    """Return the entry of goods that arrived: what they were worth is the cost of what is invoiced now."""
    pairs = _pairs((COST_OF_SALES, IN_TRANSIT), costs)
    return Entry("arrival", delivery_id, number, customer_id, on, pairs) if pairs else None


def back_entry(
    return_id: str,
    number: str,
    customer_id: str,
    on: date,
    *,
    restocked: Sequence[Money | None],
    uninvoiced: Sequence[Money | None],
) -> Entry | None:
    """Return the entry of goods that came back, some of which were never invoiced; ``None``: nobody knows their worth.

    What is ``restocked`` is stock again. The ``uninvoiced`` were in transit; what of both differs is the cost of what
    was sold, or of what is scrapped.
    """
    sums: dict[str, dict[str, int]] = {}
    for account, costs in ((STOCK, restocked), (IN_TRANSIT, uninvoiced)):
        for cost in costs:
            if cost:
                of_currency = sums.setdefault(cost.currency, {STOCK: 0, IN_TRANSIT: 0})
                of_currency[account] += cost.minor
    postings = [
        posting
        for currency, minors in sorted(sums.items())
        for posting in _sides(currency, minors[STOCK], minors[IN_TRANSIT])
    ]
    return Entry("cost", return_id, number, customer_id, on, tuple(postings)) if postings else None


def _sides(currency: str, stock: int, transit: int) -> list[Posting]:
    sides = ((STOCK, stock), (IN_TRANSIT, -transit), (COST_OF_SALES, transit - stock))
    nothing = Money.zero(currency)
    return [
        Posting(account, Money(minor, currency), nothing)
        if minor > 0
        else Posting(account, nothing, Money(-minor, currency))
        for account, minor in sides
        if minor
    ]


def _pairs(accounts: tuple[str, str], costs: Sequence[Money | None]) -> tuple[Posting, ...]:
    sums: dict[str, Money] = {}
    for cost in costs:
        if cost:
            sums[cost.currency] = sums.get(cost.currency, Money.zero(cost.currency)) + cost
    found: list[Posting] = []
    for currency, cost in sorted(sums.items()):
        nothing = Money.zero(currency)
        found += [Posting(accounts[0], cost, nothing), Posting(accounts[1], nothing, cost)]
    return tuple(found)
