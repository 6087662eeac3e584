"""A price policy: what those whom it names pay for items, in tiers of quantity, within a window of dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP
from services.sales.domain.errors import (
    BaseOfAnotherCustomer,
    BaseOfItself,
    CurrencyDiffers,
    DatesReversed,
    DiscountOutOfRange,
    NoLines,
    PriceNegative,
    QuantityNotPositive,
    TierNamedTwice,
    UnknownBase,
    UnknownItem,
)
from services.sales.domain.formulas import MOST_ON_COST_BP, Formula, way_back

MAX_LINES = 5000


@dataclass(frozen=True)
class PolicyLine:
    """From ``min_quantity`` of the item on, one unit costs ``price``, or what it gives on the day."""

    item_id: str
    min_quantity: Quantity
    price: Price | Formula

    @property
    def unit_price(self) -> Price | None:
        """The price, where it is fixed."""
        return self.price if isinstance(self.price, Price) else None

    @property
    def formula(self) -> Formula | None:
        """How the price is worked out, where it is not fixed."""
        return self.price if isinstance(self.price, Formula) else None


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
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None
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
    if isinstance(line.price, Formula):
        _check_formula(f"{where}.formula", line.price)
        return
    if line.price.e4 < 0:
        raise PriceNegative("a price is not below zero", field=f"{where}.unit_price")
    if line.price.currency != currency:
        raise CurrencyDiffers(f"the policy is in {currency}", field=f"{where}.unit_price")


def _check_formula(field: str, formula: Formula) -> None:
    most = MOST_ON_COST_BP if formula.of_cost else FULL_BP
    if not -FULL_BP <= formula.change_bp <= most:
        raise DiscountOutOfRange(
            "a price is at most ten times the cost"
            if formula.of_cost
            else "a price is at most 100 % off or on its base",
            field=field,
        )


def bases_of(lines: Iterable[PolicyLine]) -> dict[str, int]:
    """Return the names of the policies that prices are worked out of, each with the first line that names it."""
    found: dict[str, int] = {}
    for index, line in enumerate(lines):
        if line.formula is not None and line.formula.policy is not None:
            found.setdefault(line.formula.policy, index)
    return found


def check_bases(
    policy: PricePolicy, known: Mapping[str, PricePolicy], based_on: Mapping[str, set[str]]
) -> None:
    """Refuse prices worked out of a policy that is not there, of other customers, or of the policy itself.

    ``known`` are the current policies by name; ``based_on`` tells which are worked out of which.
    """
    bases = bases_of(policy.lines)
    for name, index in bases.items():
        field, base = f"lines.{index}.formula.policy", known.get(name)
        way = way_back(policy.name, (name,), based_on)
        if way is not None:
            raise BaseOfItself(
                f"{policy.name} would be worked out of itself", field=field, way=" > ".join(way)
            )
        if base is None:
            raise UnknownBase(f"there is no price policy {name}", field=field)
        if base.currency != policy.currency:
            raise CurrencyDiffers(f"{name} is in {base.currency}", field=field)
        if base.customer_id not in (None, policy.customer_id):
            raise BaseOfAnotherCustomer(f"{name} is for one other customer", field=field)
