"""Bills of materials: what an item is made of on a day, over all levels, and what it goes into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from libs.common.quantity import Quantity
from services.inventory.domain.bom import Bom, BomComponent, in_force
from services.inventory.domain.bom_structure import explode
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.production_errors import BomNotFound
from services.inventory.store import boms, items
from services.inventory.store.production_tables import bom, bom_component


@dataclass(frozen=True)
class ComponentView:
    """A component of a bill, with the names of its item."""

    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    scrap_bp: int


@dataclass(frozen=True)
class BomView:
    """A version of a bill as it is shown."""

    item_id: str
    sku: str
    version: int
    valid_from: date
    output: Quantity
    fixed_days: int
    days_per_lot: int
    tolerance_bp: int
    note: str | None
    components: tuple[ComponentView, ...]


@dataclass(frozen=True)
class UseView:
    """An item into which another goes, by the version of its bill that holds."""

    item_id: str
    sku: str
    version: int
    quantity: Quantity
    output: Quantity


@dataclass(frozen=True)
class ExplodedView:
    """A line over all levels: ``quantity`` goes into the item above it; made itself by ``bom_version``, or bought."""

    level: int
    parent_sku: str
    item_id: str
    sku: str
    uom: str
    quantity: Quantity
    bom_version: int | None


@dataclass(frozen=True)
class StructureView(BomView):
    """A bill that holds on a day, what ``quantity`` of its item takes, how long that is, and where the item is used."""

    on: date
    quantity: Quantity
    lead_days: int
    explosion: tuple[ExplodedView, ...]
    where_used: tuple[UseView, ...]


def structure_of(connection: Connection, item_id: str, on: date, quantity: Quantity | None) -> StructureView:
    """Return the bill of an item that holds ``on`` a day; refuse an item that has none then.

    What ``quantity`` takes (the bill's output unless given) is worked out over all levels, each rounded up to what its
    component's unit allows.
    """
    top = in_force(boms.versions(connection, [item_id]).get(item_id, ()), on)
    if top is None:
        raise BomNotFound(f"the item has no bill of materials on {on.isoformat()}", field="item_id")
    versions = boms.below(connection, top.component_ids)
    holding = {key: held for key, of in versions.items() if (held := in_force(of, on)) is not None}
    named = {item_id, *versions, *(part for held in holding.values() for part in held.component_ids)}
    known = items.known(connection, named)
    asked = quantity or top.output
    require_quantity(known[item_id], asked, "quantity")
    return StructureView(
        **vars(_view(top, known)),
        on=on,
        quantity=asked,
        lead_days=top.lead_days(asked.milli),
        explosion=tuple(
            ExplodedView(
                level=line.level,
                parent_sku=known[line.parent_id].sku,
                item_id=line.item_id,
                sku=known[line.item_id].sku,
                uom=known[line.item_id].uom,
                quantity=line.quantity,
                bom_version=line.bom_version,
            )
            for line in explode(top, asked, holding, known)
        ),
        where_used=tuple(_uses(connection, item_id, on)),
    )


def one_bom(connection: Connection, made: Bom) -> BomView:
    """Return a version as it is shown."""
    return _view(made, items.known(connection, {made.item_id, *made.component_ids}))


def list_boms(
    connection: Connection, filters: dict[str, Any], *, after: tuple[Any, ...] | None, limit: int
) -> list[BomView]:
    """Return versions of bills in the order of their keys; ``filters``: item_id, component_id."""
    key = (bom.c.item_id, bom.c.version)
    query = select(*key).order_by(*key).limit(limit)
    if filters.get("item_id") is not None:
        query = query.where(bom.c.item_id == filters["item_id"])
    if filters.get("component_id") is not None:
        part = bom_component
        uses = select(part.c.item_id, part.c.version).where(part.c.component_id == filters["component_id"])
        query = query.where(tuple_(*key).in_(uses))
    if after is not None:
        place = (literal(value, column.type) for value, column in zip(after, key, strict=True))
        query = query.where(tuple_(*key) > tuple_(*place))
    keys = [tuple(row) for row in connection.execute(query)]
    found = boms.versions(connection, {item_id for item_id, _ in keys})
    chosen = [found[item_id][version - 1] for item_id, version in keys]
    named = {each for one in chosen for each in (one.item_id, *one.component_ids)}
    known = items.known(connection, named)
    return [_view(one, known) for one in chosen]


def _uses(connection: Connection, item_id: str, on: date) -> list[UseView]:
    users = select(bom_component.c.item_id).distinct().where(bom_component.c.component_id == item_id)
    versions = boms.versions(connection, list(connection.execute(users).scalars()))
    known = items.known(connection, versions)
    found = []
    for user, of in versions.items():
        held = in_force(of, on)
        part = held and next((each for each in held.components if each.item_id == item_id), None)
        if held and part:
            found.append(UseView(user, known[user].sku, held.version, part.quantity, held.output))
    return sorted(found, key=lambda each: each.sku)


def _view(made: Bom, known: dict[str, Item]) -> BomView:
    return BomView(
        item_id=made.item_id,
        sku=known[made.item_id].sku,
        version=made.version,
        valid_from=made.valid_from,
        output=made.output,
        fixed_days=made.fixed_days,
        days_per_lot=made.days_per_lot,
        tolerance_bp=made.tolerance_bp,
        note=made.note,
        components=tuple(_component(each, known[each.item_id]) for each in made.components),
    )


def _component(part: BomComponent, item: Item) -> ComponentView:
    return ComponentView(item.id, item.sku, item.name, item.uom, part.quantity, part.scrap_bp)
