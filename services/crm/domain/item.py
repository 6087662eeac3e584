"""Items as crm knows them: what can be asked for, and how finely it is divided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.common.quantity import Quantity
from services.crm.domain.opportunity import OpportunityLine
from services.crm.domain.opportunity_errors import ItemNotSold, QuantityWrong, UnknownItem


@dataclass(frozen=True)
class Item:
    """An item as inventory describes it; ``decimals`` (0 to 3) is how finely its unit may be divided."""

    id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    category: str | None = None


def checked_lines(
    wanted: Sequence[tuple[str, Quantity]], items: Mapping[str, Item]
) -> tuple[OpportunityLine, ...]:
    """Return the lines of an opportunity for pairs of item and quantity; refuse by the field what is not sold so."""
    return tuple(
        OpportunityLine(place + 1, _sold(place, item_id, items).id, _fits(place, quantity, items[item_id]))
        for place, (item_id, quantity) in enumerate(wanted)
    )


def _sold(place: int, item_id: str, items: Mapping[str, Item]) -> Item:
    if item_id not in items:
        raise UnknownItem(f"there is no item {item_id}", field=f"lines.{place}.item_id")
    if not items[item_id].active:
        raise ItemNotSold(f"{items[item_id].sku} is not sold any more", field=f"lines.{place}.item_id")
    return items[item_id]


def _fits(place: int, quantity: Quantity, item: Item) -> Quantity:
    if quantity <= Quantity.zero() or not quantity.fits(item.decimals):
        raise QuantityWrong(
            f"{item.sku} is sold by the {item.uom}, with {item.decimals} decimals",
            field=f"lines.{place}.quantity",
            cure="give more than nothing, and no finer than that",
        )
    return quantity
