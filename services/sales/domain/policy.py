"""A price policy: what one or all customers pay for items, in tiers of quantity, within a window of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain.errors import (
    CurrencyDiffers,
    DatesReversed,
    NoLines,
    PriceNegative,
    QuantityNotPositive,
    TierNamedTwice,
    UnknownItem,
)

MAX_LINES = 5000


@dataclass(frozen=True)
class PolicyLine:
    """From ``min_quantity`` of the item on, one unit costs ``unit_price``."""

    item_id: str
    min_quantity: Quantity
    unit_price: Price


@dataclass(frozen=True)
class PricePolicy:
    """Prices under a name. A later revision of the same name takes the place of the one before."""

    id: str
    name: str
    revision: int
    currency: str
    lines: tuple[PolicyLine, ...]
    customer_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    superseded_by: str | None = None
    version: int = 1


def check_policy(
    currency: str,
    lines: Sequence[PolicyLine],
    known_items: frozenset[str],
    valid_from: date | None,
    valid_until: date | None,
) -> None:
    """Refuse a policy that could never price anything, or that contradicts itself."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise NoLines(f"a price policy has 1 to {MAX_LINES} lines", field="lines")
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise DatesReversed("the policy ends before it begins", field="valid_until", valid_from=valid_from)
    tiers: set[tuple[str, int]] = set()
    for index, line in enumerate(lines):
        _check_line(f"lines.{index}", line, currency, known_items)
        tier = (line.item_id, line.min_quantity.milli)
        if tier in tiers:
            raise TierNamedTwice(
                f"two prices for the same item from {line.min_quantity} on",
                field=f"lines.{index}.min_quantity",
            )
        tiers.add(tier)


def _check_line(where: str, line: PolicyLine, currency: str, known_items: frozenset[str]) -> None:
    if line.item_id not in known_items:
        raise UnknownItem(f"there is no item {line.item_id}", field=f"{where}.item_id")
    if line.min_quantity.milli <= 0:
        raise QuantityNotPositive("a tier begins above zero", field=f"{where}.min_quantity")
    if line.unit_price.e4 < 0:
        raise PriceNegative("a price is not below zero", field=f"{where}.unit_price")
    if line.unit_price.currency != currency:
        raise CurrencyDiffers(f"the policy is in {currency}", field=f"{where}.unit_price")
