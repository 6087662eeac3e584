"""What tests do with serials: take them in, name them when they leave, and look where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import MeridianError
from services.inventory.domain.delivery import Delivery, Part
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.picking import PickedPart, ShortPart
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.domain.serials import expand
from services.inventory.reports.serials import SerialTraced, trace
from services.inventory.store import serials
from services.inventory.tests.builders import TODAY, Shop, line_id, q
from services.inventory.use_cases.ask_return import (
    AnswerReturn,
    RequestReturn,
    approve_return,
    request_return,
)
from services.inventory.use_cases.book_stock import BookStock, Kind, StockDocument, StockLine, book_stock
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery

QUERIES = Path(__file__).parents[3] / "meridian" / "audit" / "queries" / "inventory"
CHECKS = (
    "I01_serials_in_the_house_are_on_hand",
    "I01_what_moved_bears_its_serials",
    "I13_a_serial_is_as_its_history_says",
    "I13_a_serial_leaves_from_the_house",
)


def pump(shop: Shop, sku: str = "PUMP") -> Item:
    """Register an item that is kept by serial number."""
    return shop.item(sku, serial_tracked=True)


def take_in(
    shop: Shop, place: Warehouse, item: Item, quantity: int, *names: str, kind: Kind = "receipt"
) -> StockDocument:
    """Book units with their serials, or off with a negative quantity."""
    line = StockLine(item.id, q(quantity), serials=names)
    return shop.do(lambda tx: book_stock(tx, BookStock(kind, place.id, (line,), TODAY, reference="N-1")))


def noted(shop: Shop, name: str | int, item: Item, quantity: int) -> Delivery:
    """Order units; return the delivery note."""
    shop.reserve(name, (item, quantity))
    (note,) = shop.confirm(name)
    return note


def _units(names: tuple[str, ...]) -> int:
    return len(expand(names, "serials"))


def pick(
    shop: Shop, note: Delivery, name: str | int, *names: str, short: tuple[ShortPart, ...] = ()
) -> Delivery:
    """Pick the note's first line with serials."""
    part = PickedPart(line_id(name, 1), q(_units(names)), serials=names)
    return shop.do(lambda tx: pick_delivery(tx, PickDelivery(note.id, TODAY, (part,), short)))


def ship(shop: Shop, note: Delivery, name: str | int, *names: str, quantity: int | None = None) -> Delivery:
    """Ship the note's first line with serials."""
    part = Part(line_id(name, 1), q(_units(names) if quantity is None else quantity), names)
    return shop.do(lambda tx: ship_delivery(tx, ShipDelivery(note.id, TODAY, None, (part,))))


def ask_back(shop: Shop, note: Delivery, name: str | int, *names: str) -> GoodsReturn:
    """Ask for units to come back, which is allowed."""
    part = ReturnPart(line_id(name, 1), q(_units(names)), serials=names)
    asked = shop.do(lambda tx: request_return(tx, RequestReturn(note.id, (part,), "Too loud")))
    return shop.do(lambda tx: approve_return(tx, AnswerReturn(asked.id)))


def states(shop: Shop, item: Item, *names: str) -> list[str]:
    """Return the states of serials, in the order in which they are named."""
    found = {
        each.serial: each.state
        for each in shop.database.read(lambda connection: serials.some_of(connection, item.id, names))
    }
    return [found.get(name, "unknown") for name in names]


def traced(shop: Shop, item: Item, name: str) -> SerialTraced:
    """Return a serial with its history."""
    return shop.database.read(lambda connection: trace(connection, item.id, name))


def refused(code: str, field: str | None, act: Callable[[], Any]) -> MeridianError:
    """Run ``act``, which must be refused so; return the refusal."""
    with pytest.raises(MeridianError) as found:
        act()
    assert (found.value.code, found.value.field) == (code, field)
    return found.value


def offenders(shop: Shop, *checks: str) -> dict[str, list[str]]:
    """Return what the audit's checks of inventory find."""
    found: dict[str, list[str]] = {}
    with shop.database.reading() as connection:
        for name in checks:
            statement = (QUERIES / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
            ids = [str(each) for each in connection.execute(text(statement)).scalars()]
            if ids:
                found[name] = ids
    return found


def assert_sound(shop: Shop) -> None:
    """Fail when an invariant of stock or of serials is broken."""
    shop.assert_sound()
    assert offenders(shop, *CHECKS) == {}
