"""Bills of materials over several levels: nothing goes into itself, and what all levels together take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from libs.common.quantity import Quantity
from services.inventory.domain.bom import Bom, counted, in_force
from services.inventory.domain.items import Item
from services.inventory.domain.production_errors import BomCycle, BomTooDeep, BomTooLarge

MOST_LEVELS = 20
MOST_LINES = 5_000
Below = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Exploded:
    """A line of a bill that was worked out over all levels: ``quantity`` of ``item_id`` goes into ``parent_id``."""

    level: int
    parent_id: str
    item_id: str
    quantity: Quantity
    bom_version: int | None


def require_sound(new: Bom, known: Iterable[Bom], names: Mapping[str, str]) -> None:
    """Refuse ``new`` if its item would go into itself on any day, or stand in more than ``MOST_LEVELS`` levels.

    ``known`` are all versions of the bills above and below it; ``names`` tells items by name. Each day on which what
    holds changes is looked at by itself: what was given up before does not forbid what comes after.
    """
    versions: dict[str, list[Bom]] = {new.item_id: [new]}
    for each in known:
        versions.setdefault(each.item_id, []).append(each)
    for day in sorted({each.valid_from for of in versions.values() for each in of} | {new.valid_from}):
        holding = {item_id: in_force(of, day) for item_id, of in versions.items()}
        if holding[new.item_id] is new:
            below = {item_id: bom.component_ids for item_id, bom in holding.items() if bom is not None}
            _require_no_way_back(new, below, names)
            _require_levels(new, below, names)


def _require_no_way_back(new: Bom, below: Below, names: Mapping[str, str]) -> None:
    for place, component in enumerate(new.components):
        path = _way(component.item_id, new.item_id, below)
        if path is not None:
            told = " > ".join(names.get(each, each) for each in (new.item_id, *path))
            raise BomCycle(
                f"it would go into itself: {told}",
                field=f"components.{place}.item_id",
                cure="take one of these out of its bill of materials first",
                path=told,
            )


def _way(start: str, goal: str, below: Below) -> list[str] | None:
    """Return the items from ``start`` down to ``goal``, both included, or nothing when there is no way."""
    came_from: dict[str, str | None] = {start: None}
    open_ones = [start]
    while open_ones and goal not in came_from:
        here = open_ones.pop()
        for each in below.get(here, ()):
            if each not in came_from:
                came_from[each] = here
                open_ones.append(each)
    if goal not in came_from:
        return None
    path, here_now = [goal], came_from[goal]
    while here_now is not None:
        path.append(here_now)
        here_now = came_from[here_now]
    return path[::-1]


def _require_levels(new: Bom, below: Below, names: Mapping[str, str]) -> None:
    above: dict[str, list[str]] = {}
    for item_id, component_ids in below.items():
        for component_id in component_ids:
            above.setdefault(component_id, []).append(item_id)
    levels = _levels(new.item_id, below) + _levels(new.item_id, above)
    if levels > MOST_LEVELS:
        raise BomTooDeep(
            f"{names.get(new.item_id, new.item_id)} would stand in more than {MOST_LEVELS} levels",
            field="components",
            cure="put components together in fewer levels",
            levels=levels,
        )


def _levels(item_id: str, next_to: Below) -> int:
    """Return the length of the longest way from ``item_id``; one that is longer than allowed is not followed."""
    levels, here = 0, {item_id}
    while levels <= MOST_LEVELS:
        here = {each for one in here for each in next_to.get(one, ())}
        if not here:
            break
        levels += 1
    return levels


def explode(
    top: Bom, quantity: Quantity, below: Mapping[str, Bom], items: Mapping[str, Item]
) -> list[Exploded]:
    """Return what making ``quantity`` of the item of ``top`` takes, each line before what goes into it.

    ``below`` are the bills in force of what is made itself. Each level is rounded up to what the unit of its component
    allows, because so much of it has to be made or bought.
    """
    found: list[Exploded] = []
    for line in _lines(top, quantity, 1, below, items):
        if len(found) == MOST_LINES:
            raise BomTooLarge(
                f"all levels together have more than {MOST_LINES} lines",
                field="item_id",
                cure="look at the components one by one",
            )
        found.append(line)
    return found


def _lines(
    bom: Bom, quantity: Quantity, level: int, below: Mapping[str, Bom], items: Mapping[str, Item]
) -> Iterator[Exploded]:
    for component in bom.components:
        item = items[component.item_id]
        needed = counted(bom.share(component, quantity.milli, item.decimals), item.sku, "quantity")
        made_by = below.get(item.id)
        yield Exploded(level, bom.item_id, item.id, needed, made_by.version if made_by else None)
        if made_by is not None:
            yield from _lines(made_by, needed, level + 1, below, items)
