"""Say what an item is made of, from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, lock_series
from libs.common.quantity import Quantity
from services.inventory.domain.bom import Bom, BomComponent
from services.inventory.domain.bom_structure import require_sound
from services.inventory.domain.errors import LineNamedTwice, UnknownItem
from services.inventory.domain.items import require_quantity
from services.inventory.domain.production_errors import UnknownComponent
from services.inventory.store import boms, items


@dataclass(frozen=True)
class AddBom:
    """What makes ``output`` of an item from ``valid_from`` on; the other fields as in ``Bom``."""

    item_id: str
    valid_from: date
    output: Quantity
    components: tuple[BomComponent, ...]
    fixed_days: int = 0
    days_per_lot: int = 0
    tolerance_bp: int = 0
    note: str | None = None


def add_bom(tx: Transaction, command: AddBom) -> Bom:
    """Store the next version of an item's bill of materials; orders that were released keep theirs.

    One bill at a time is written in the whole company: two that are sound by themselves could together close a circle.
    """
    lock_series(tx, boms.SERIES)
    asked = {command.item_id, *(each.item_id for each in command.components)}
    known = items.known(tx.connection, asked)
    item = known.get(command.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field="item_id", cure="register the item first")
    require_quantity(item, command.output, "output")
    for place, component in enumerate(command.components):
        if component.item_id not in known:
            raise UnknownComponent("there is no such item", field=f"components.{place}.item_id")
        if any(each.item_id == component.item_id for each in command.components[:place]):
            raise LineNamedTwice(
                f"{known[component.item_id].sku} is named twice",
                field=f"components.{place}.item_id",
                cure="name each component once, with all that goes in",
            )
    new = Bom(version=boms.newest_version(tx.connection, item.id) + 1, **vars(command))
    family = boms.family(tx.connection, item.id, new.component_ids)
    skus = {each.id: each.sku for each in items.known(tx.connection, _named(new, family)).values()}
    require_sound(new, family, skus)
    boms.add(tx, new)
    return new


def _named(new: Bom, family: list[Bom]) -> set[str]:
    return {each for bom in (new, *family) for each in (bom.item_id, *bom.component_ids)}
