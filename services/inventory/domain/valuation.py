"""What the stock of an item is worth: moving-average cost, exact to the minor unit, over all warehouses together.

Kept are the quantity and its whole value, never an average: what is taken out takes its share of the value, rounded
half up, and the last unit takes all that is left. So nothing drifts, and nothing is worth nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from libs.common.errors import Invalid, Refused
from libs.common.money import LIMIT_MINOR, Money, Price, divide_half_up, exponent
from libs.common.quantity import LIMIT_MILLI, SCALE, Quantity
from services.inventory.domain.errors import StockLimitExceeded
from services.inventory.domain.stock import Allocation, StockKey

_PRICE_SCALE = 10_000


class CostCurrencyDiffers(Invalid):
    """A cost was given in another currency than the one in which the item is valued."""

    code = "cost_currency_differs"
    usual_cure = "give what a unit costs in the currency of GET /api/v1/item-costs/{item_id}"


class CostOfLess(Invalid):
    """A cost was given for goods that are taken out: they take their share of what all are worth."""

    code = "cost_of_less"
    usual_cure = "leave the cost out"


class ValueOutOfReach(Refused):
    """All stock of an item together would be worth more than an amount can hold."""

    code = "value_out_of_reach"
    usual_cure = "check quantity and cost"


@dataclass(frozen=True)
class Worth:
    """What goods that come in are worth: ``unit_cost`` each, or ``in_all``; with neither, what those in stock cost.

    One that is not ``firm`` gives way, in another currency than the item's, to what those in stock cost. ``at`` is the
    line that a refusal names.
    """

    unit_cost: Price | None = None
    in_all: Money | None = None
    firm: bool = True
    at: str = ""

    def field(self, name: str) -> str:
        """Return what a refusal names: ``name`` of its line, or the line where its worth was not told by unit."""
        return self.at if self.in_all is not None else ".".join(filter(None, (self.at, name)))


AT_CURRENT_COST = Worth()


@dataclass(frozen=True)
class Valuation:
    """``milli`` thousandths of an item are worth ``minor`` units of ``currency``; none, while no cost is known.

    ``unit_cost`` is the average as of the last goods that came at a cost of their own: what is said to others, and
    what goods without a cost are taken in at when nothing is left.
    """

    item_id: str
    milli: int = 0
    minor: int = 0
    currency: str | None = None
    unit_cost: Price | None = None

    @property
    def value(self) -> Money | None:
        """What all of it is worth; ``None`` while no cost is known."""
        return None if self.currency is None else Money(self.minor, self.currency)

    @property
    def quantity(self) -> Quantity:
        """How much of it there is."""
        return Quantity(self.milli)


@dataclass(frozen=True)
class Change:
    """The valuation after a move of stock, and the signed value of the move.

    ``revalued`` is what stock that lay there without a cost became worth when the first one came to be known.
    """

    after: Valuation
    value: Money | None = None
    revalued: Money | None = None


def move(before: Valuation, quantity: Quantity, worth: Worth = AT_CURRENT_COST) -> Change:
    """Return what a signed ``quantity`` that comes in (at ``worth``) or goes out (at its share) changes."""
    return _take(before, -quantity.milli) if quantity.milli < 0 else _put(before, quantity.milli, worth)


def revalue(before: Valuation, unit_cost: Price) -> Change:
    """Return the stock as worth ``unit_cost`` a unit from now on; nothing moves."""
    _require_same_currency(before, unit_cost.currency, "unit_cost")
    after = replace(before, currency=unit_cost.currency, unit_cost=unit_cost)
    minor = _worth(before.milli, unit_cost, "unit_cost")
    return Change(replace(after, minor=minor), None, Money(minor - before.minor, unit_cost.currency))


def _take(before: Valuation, milli: int) -> Change:
    if milli > before.milli:
        raise RuntimeError(f"item {before.item_id}: {milli} go out of a valuation of {before.milli}")
    share = divide_half_up(before.minor * milli, before.milli)
    after = replace(before, milli=before.milli - milli, minor=before.minor - share)
    return Change(after, None if before.currency is None else Money(-share, before.currency))


def _put(before: Valuation, milli: int, worth: Worth) -> Change:
    if before.milli + milli > LIMIT_MILLI:
        raise StockLimitExceeded(
            "more of the item would lie in all warehouses than can be counted",
            field=worth.field("quantity"),
            cure="check the quantity",
        )
    currency = _currency_of(worth)
    if currency is not None and before.currency not in (None, currency):
        if worth.firm:
            _require_same_currency(before, currency, worth.field("unit_cost"))
        currency = None
    if currency is None:
        return _put_at_current_cost(before, milli, worth.field("quantity"))
    if before.currency is None and worth.unit_cost is not None:
        first = revalue(before, worth.unit_cost)
        return replace(_put(first.after, milli, worth), revalued=first.revalued)
    added = (
        worth.in_all.minor
        if worth.in_all is not None
        else _worth(milli, worth.unit_cost, worth.field("unit_cost"))
    )
    after = _grown(replace(before, currency=currency), milli, added, worth.field("unit_cost"))
    return Change(replace(after, unit_cost=_average(after)), Money(added, currency))


def _put_at_current_cost(before: Valuation, milli: int, field: str) -> Change:
    if before.currency is None:
        return Change(replace(before, milli=before.milli + milli))
    if before.milli:
        added = divide_half_up(before.minor * milli, before.milli)
    else:
        added = _worth(milli, before.unit_cost, field)
    return Change(_grown(before, milli, added, field), Money(added, before.currency))


def _grown(before: Valuation, milli: int, added: int, field: str) -> Valuation:
    if before.minor + added > LIMIT_MINOR:
        raise ValueOutOfReach("all stock of the item would be worth more than can be counted", field=field)
    return replace(before, milli=before.milli + milli, minor=before.minor + added)


def _currency_of(worth: Worth) -> str | None:
    told = worth.unit_cost or worth.in_all
    return None if told is None else told.currency


def _require_same_currency(before: Valuation, currency: str, field: str) -> None:
    if before.currency not in (None, currency):
        raise CostCurrencyDiffers(
            f"the item is valued in {before.currency}, not in {currency}",
            field=field,
            currency=before.currency,
        )


def _worth(milli: int, unit_cost: Price | None, field: str) -> int:
    """Return what ``milli`` thousandths cost in minor units, rounded half up once."""
    if unit_cost is None:
        return 0
    step = SCALE * _PRICE_SCALE // 10 ** exponent(unit_cost.currency)
    minor = divide_half_up(milli * unit_cost.e4, step)
    if minor > LIMIT_MINOR:
        raise ValueOutOfReach("the goods would be worth more than can be counted", field=field)
    return minor


def _average(of: Valuation) -> Price:
    assert of.currency is not None, "an average is of known costs"
    step = SCALE * _PRICE_SCALE // 10 ** exponent(of.currency)
    return Price(min(divide_half_up(of.minor * step, of.milli), LIMIT_MINOR), of.currency)


def share_of(of: Valuation, milli: int) -> Money | None:
    """Return what ``milli`` thousandths are worth now, whether they are there or not; ``None`` without a known cost."""
    if of.currency is None:
        return None
    minor = (
        divide_half_up(of.minor * milli, of.milli) if of.milli else _worth(milli, of.unit_cost, "quantity")
    )
    return Money(min(minor, LIMIT_MINOR), of.currency)


def part_of(cost: Money, quantity: Quantity, before: Quantity, whole: Quantity) -> Money:
    """Return what ``quantity`` of goods cost whose ``whole`` cost ``cost``, when ``before`` was counted earlier.

    The parts of a whole always add up to its cost, however it is cut and however often.
    """
    upto = cost.share((before + quantity).milli, whole.milli)
    return upto - cost.share(before.milli, whole.milli)


def costs_of_lines(
    lines: Sequence[Allocation], costs: Mapping[StockKey, Money | None]
) -> tuple[Money | None, ...]:
    """Return what each of ``lines`` cost, in their order, when all lines of a stock row cost ``costs`` together."""
    whole: dict[StockKey, Quantity] = {}
    for line in lines:
        whole[line.key] = whole.get(line.key, Quantity.zero()) + line.quantity
    counted: dict[StockKey, Quantity] = {}
    found: list[Money | None] = []
    for line in lines:
        before = counted.get(line.key, Quantity.zero())
        cost = costs.get(line.key)
        found.append(None if cost is None else part_of(cost, line.quantity, before, whole[line.key]))
        counted[line.key] = before + line.quantity
    return tuple(found)
