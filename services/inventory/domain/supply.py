"""How an item is supplied: bought or made, from whom, how long that takes, in which quantities, at what price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.errors import Invalid
from libs.common.money import Money, Price, divide_half_up, exponent
from libs.common.quantity import LIMIT_MILLI, SCALE, Quantity

SupplyMethod = Literal["none", "buy", "make"]
MOST_LEAD_DAYS = 3650
_PRICE_SCALE = 10_000


class SupplierMissing(Invalid):
    """An item that is bought needs a supplier."""

    code = "supplier_missing"


class PriceOutOfReach(Invalid):
    """A quantity at its price comes to more than an amount can hold."""

    code = "price_out_of_reach"


@dataclass(frozen=True)
class SupplyPolicy:
    """How one item is supplied from now on; version 0: nobody ever said.

    What is bought or made is at least ``minimum`` and a whole number of ``multiple``; what is bought arrives
    ``lead_days`` after the order, what is made when its bill of materials says. ``none`` raises nothing by itself:
    somebody else sees to it.
    """

    item_id: str
    version: int = 0
    method: SupplyMethod = "none"
    supplier_id: str | None = None
    lead_days: int = 0
    multiple: Quantity | None = None
    minimum: Quantity | None = None

    def __post_init__(self) -> None:
        if self.method == "buy" and self.supplier_id is None:
            raise SupplierMissing(
                "an item that is bought needs a supplier",
                field="supplier_id",
                cure="name the supplier that it usually comes from",
            )

    @property
    def buys(self) -> bool:
        """Whether a shortage is bought by itself."""
        return self.method == "buy"

    @property
    def makes(self) -> bool:
        """Whether a shortage is made by itself."""
        return self.method == "make"

    @property
    def by_itself(self) -> bool:
        """Whether a shortage is seen to by itself, and so in a number of days that is known."""
        return self.method != "none"

    def order_quantity(self, need: int) -> Quantity:
        """Return what to order so that ``need`` thousandths come in: no less than that, if it can be counted."""
        return rounded_up(max(need, self.minimum.milli if self.minimum else 0), self.multiple)


def rounded_up(milli: int, multiple: Quantity | None) -> Quantity:
    """Return the smallest whole number of ``multiple`` that is at least ``milli``, or the largest that there is."""
    step = multiple.milli if multiple else 1
    return Quantity(min(-(-milli // step), LIMIT_MILLI // step) * step)


@dataclass(frozen=True)
class SupplierPrice:
    """What a supplier asks for a unit of an item, from a day on, when at least ``minimum`` is ordered."""

    id: str
    supplier_id: str
    item_id: str
    valid_from: date
    minimum: Quantity
    unit_price: Price


def price_for(prices: Iterable[SupplierPrice], quantity: Quantity, day: date) -> Price | None:
    """Return what a unit of ``quantity`` costs on ``day``; nothing when no price holds.

    The largest minimum that the quantity reaches counts; of its prices the one that began last, and of those of
    one day the one that was written last.
    """
    holds = [each for each in prices if each.valid_from <= day and each.minimum <= quantity]
    best = max(holds, key=lambda each: (each.minimum, each.valid_from, each.id), default=None)
    return None if best is None else best.unit_price


def amount_of(quantity: Quantity, price: Price, field: str) -> Money:
    """Return what ``quantity`` costs, rounded half up once."""
    step = SCALE * _PRICE_SCALE // 10 ** exponent(price.currency)
    try:
        return Money(divide_half_up(quantity.milli * price.e4, step), price.currency)
    except ValueError:
        raise PriceOutOfReach(
            f"{quantity} at {price} is more than an amount can hold",
            field=field,
            cure="check quantity and price",
        ) from None


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of the amounts of one order."""
    try:
        return Money.total(amounts, currency)
    except ValueError:
        raise PriceOutOfReach(
            "all lines together come to more than an amount can hold",
            field="lines",
            cure="check quantities and prices",
        ) from None
