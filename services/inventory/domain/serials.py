"""Serial numbers: each is one unit of one item, in one place; as many are named as units move.

An item that is kept by serial number is counted in whole units. Stock is promised by quantity; which serial leaves is
said when hands take it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from libs.common.quantity import Quantity
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import (
    SerialMalformed,
    SerialNamedTwice,
    SerialNeedsWholeUnits,
    SerialRangeInvalid,
    SerialsMissing,
    SerialsNotTracked,
)

SerialState = Literal[
    "in_stock", "picked", "under_way", "quarantine", "shipped", "scrapped", "consumed", "lost", "sent_back"
]
STATES: tuple[SerialState, ...] = (
    "in_stock", "picked", "under_way", "quarantine", "shipped", "scrapped", "consumed", "lost", "sent_back",
)  # fmt: skip
HERE: tuple[SerialState, ...] = ("in_stock", "picked", "under_way", "quarantine")
COMES_AGAIN: tuple[SerialState, ...] = ("lost", "sent_back")
"""What may be taken in again: what was lost is found, and a supplier sends what he has repaired."""
LONGEST = 64
MOST = 1000
"""The most serials that one line of a document may name; a longer receipt has several lines."""
MOST_OF_DOCUMENT = 5000
_RANGE = ".."
_NAME = re.compile(r"[^\s/]{1,64}")
_COUNTED = re.compile(r"(.*?)([0-9]+)", re.ASCII)


@dataclass(frozen=True)
class Serial:
    """One unit of an item, as it stands: where, by which document, and for which line of an order it left."""

    item_id: str
    serial: str
    state: SerialState
    warehouse_id: str | None
    customer_id: str | None
    document_id: str
    line_id: str | None
    changed_at: datetime


def require_whole_units(decimals: int, *, lot_tracked: bool, serial_tracked: bool) -> None:
    """Refuse an item whose units cannot bear one serial each."""
    if serial_tracked and (decimals or lot_tracked):
        raise SerialNeedsWholeUnits(
            "a serial is one whole unit, and has no lot besides", field="decimals" if decimals else "tracking"
        )


def expand(entries: Iterable[str], field: str, *, most: int = MOST) -> tuple[str, ...]:
    """Return the serials that ``entries`` name: each is a serial, or a range ``first..last`` of at most ``most``."""
    found: list[str] = []
    for entry in entries:
        found += _range(entry, field, most) if _RANGE in entry else [entry]
        if len(found) > most:
            raise SerialRangeInvalid(
                f"more than {most} serials", field=field, cure="name fewer on a line", most=most
            )
    for name in found:
        if not _NAME.fullmatch(name):
            raise SerialMalformed(f"{name[:LONGEST]!r} is no serial", field=field)
    require_once(found, field)
    return tuple(found)


def _range(entry: str, field: str, most: int) -> list[str]:
    first, _, last = entry.partition(_RANGE)
    low, high = _COUNTED.fullmatch(first), _COUNTED.fullmatch(last)
    if low is None or high is None or low[1] != high[1] or len(low[2]) != len(high[2]):
        raise SerialRangeInvalid(f"{entry} does not count up from its first to its last", field=field)
    count = int(high[2]) - int(low[2]) + 1
    if not 1 <= count <= most:
        raise SerialRangeInvalid(f"{entry} is not from 1 to {most} serials", field=field, most=most)
    width = len(low[2])
    return [f"{low[1]}{number:0{width}}" for number in range(int(low[2]), int(high[2]) + 1)]


def require_once(names: Sequence[str], field: str, seen: Iterable[str] = ()) -> None:
    """Refuse a serial that stands twice in ``names``, or in ``seen``, which the same request named before."""
    known = set(seen)
    for name in names:
        if name in known:
            raise SerialNamedTwice(f"serial {name} is named twice", field=field, serial=name)
        known.add(name)


def require_serials(item: Item, quantity: Quantity, entries: Sequence[str], field: str) -> tuple[str, ...]:
    """Return the serials of ``quantity`` units (of any sign); refuse other than exactly as many."""
    if not item.serial_tracked:
        require_untracked(item, entries, field)
        return ()
    names = expand(entries, field)
    units = units_of(quantity)
    if len(names) != units:
        raise SerialsMissing(
            f"{units} {item.uom} of {item.sku} need {units} serials, {len(names)} are named",
            field=field,
            sku=item.sku,
            wanted=units,
            named=len(names),
        )
    return names


def require_total(total: int, field: str) -> None:
    """Refuse a document that names more serials than are moved at once."""
    if total > MOST_OF_DOCUMENT:
        raise SerialRangeInvalid(
            f"more than {MOST_OF_DOCUMENT} serials in one document",
            field=field,
            cure="divide it into several documents",
            most=MOST_OF_DOCUMENT,
        )


def require_untracked(item: Item, entries: Sequence[str], field: str) -> None:
    """Refuse serials of an item that has none."""
    if entries and not item.serial_tracked:
        raise SerialsNotTracked(f"{item.sku} is not kept by serial number", field=field)


def units_of(quantity: Quantity) -> int:
    """Return the whole units of a quantity, whatever its sign."""
    return abs(quantity.milli) // 1000


def differences(expected: Iterable[str], found: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which serials the books have and nobody found, and which were found and the books do not have."""
    books, seen = set(expected), set(found)
    return tuple(sorted(books - seen)), tuple(sorted(seen - books))
