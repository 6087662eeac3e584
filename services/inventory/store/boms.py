"""Bills of materials: all their versions, and what stands above and below them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from libs.common.db import Transaction, chunks
from services.inventory.domain.bom import Bom, BomComponent, in_force
from services.inventory.domain.bom_structure import MOST_LEVELS
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.store.production_tables import bom, bom_component

SERIES = "bom"
"""Who writes a bill keeps this series: two bills that would together go into each other cannot meet."""


def versions(connection: Connection, item_ids: Collection[str]) -> dict[str, list[Bom]]:
    """Return every version of the bills of ``item_ids``, by item, the first first; items without one are not there."""
    found: dict[str, list[Bom]] = {}
    for some in chunks(sorted(set(item_ids))):
        components = _components(connection, some)
        query = select(bom).where(bom.c.item_id.in_(some)).order_by(bom.c.item_id, bom.c.version)
        for row in connection.execute(query):
            found.setdefault(row.item_id, []).append(_bom(row, components[row.item_id, row.version]))
    return found


def of_version(connection: Connection, item_id: str, version: int) -> Bom:
    """Return the version of an item's bill that a production order names."""
    return versions(connection, [item_id])[item_id][version - 1]


def newest_version(connection: Connection, item_id: str) -> int:
    """Return the number of the newest version of an item's bill; 0 when there is none."""
    query = select(func.coalesce(func.max(bom.c.version), 0)).where(bom.c.item_id == item_id)
    return int(connection.execute(query).scalar_one())


def family(connection: Connection, item_id: str, component_ids: Iterable[str]) -> list[Bom]:
    """Return all versions of the bills of an item, of all that goes into it, and of all that it goes into.

    No further than two levels more than may be: what is beyond changes nothing in what is refused.
    """
    found = versions(connection, [item_id])
    below = {*component_ids, *(each for one in found.get(item_id, ()) for each in one.component_ids)}
    above = _users(connection, [item_id])
    for _ in range(MOST_LEVELS + 2):
        new = (below | above) - found.keys()
        if not new:
            break
        more = versions(connection, new)
        found |= {each: more.get(each, []) for each in new}
        below = {part for each in new & below for one in found[each] for part in one.component_ids}
        above = _users(connection, new & above)
    return [each for of in found.values() for each in of]


def below(connection: Connection, component_ids: Iterable[str]) -> dict[str, list[Bom]]:
    """Return all versions of the bills of ``component_ids`` and of all that goes into them, by item."""
    found: dict[str, list[Bom]] = {}
    new = set(component_ids)
    while new:
        more = versions(connection, new)
        found |= {each: more.get(each, []) for each in new}
        new = {part for of in more.values() for one in of for part in one.component_ids} - found.keys()
    return found


def add(tx: Transaction, new: Bom) -> None:
    """Store the next version of an item's bill."""
    tx.connection.execute(
        insert(bom).values(
            item_id=new.item_id,
            version=new.version,
            valid_from=new.valid_from,
            output_milli=new.output,
            fixed_days=new.fixed_days,
            days_per_lot=new.days_per_lot,
            tolerance_bp=new.tolerance_bp,
            note=new.note,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )
    tx.connection.execute(
        insert(bom_component),
        [
            {
                "item_id": new.item_id,
                "version": new.version,
                "component_id": each.item_id,
                "position": place,
                "quantity_milli": each.quantity,
                "scrap_bp": each.scrap_bp,
            }
            for place, each in enumerate(new.components)
        ],
    )


def _users(connection: Connection, item_ids: Collection[str]) -> set[str]:
    """Return the items into which any of ``item_ids`` goes, by whatever version of their bills."""
    found: set[str] = set()
    for some in chunks(sorted(item_ids)):
        query = select(bom_component.c.item_id).distinct().where(bom_component.c.component_id.in_(some))
        found |= set(connection.execute(query).scalars())
    return found


def _components(
    connection: Connection, item_ids: Collection[str]
) -> dict[tuple[str, int], list[BomComponent]]:
    found: dict[tuple[str, int], list[BomComponent]] = {}
    query = select(bom_component).where(bom_component.c.item_id.in_(item_ids))
    for row in connection.execute(query.order_by(bom_component.c.position)):
        part = BomComponent(row.component_id, row.quantity_milli, row.scrap_bp)
        found.setdefault((row.item_id, row.version), []).append(part)
    return found


def _bom(row: Row[Any], components: Collection[BomComponent]) -> Bom:
    return Bom(
        item_id=row.item_id,
        version=row.version,
        valid_from=row.valid_from,
        output=row.output_milli,
        components=tuple(components),
        fixed_days=row.fixed_days,
        days_per_lot=row.days_per_lot,
        tolerance_bp=row.tolerance_bp,
        note=row.note,
    )


def with_lead_time(connection: Connection, policy: SupplyPolicy, quantity: int, day: date) -> SupplyPolicy:
    """Return an item's policy with the days that making ``quantity`` thousandths from ``day`` on takes.

    What is not made, or has no bill of materials yet, takes the days that the policy says.
    """
    bill = (
        in_force(versions(connection, [policy.item_id]).get(policy.item_id, ()), day)
        if policy.makes
        else None
    )
    if bill is None:
        return policy
    return replace(policy, lead_days=bill.lead_days(policy.order_quantity(quantity).milli))
