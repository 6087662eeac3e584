"""Things that tests remember by name: the shop, its valves and pumps, its orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.ids import derived_id
from libs.common.messaging.embedded import EmbeddedBus
from libs.common.outbox import event_log
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery, Part
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.domain.stock import StockKey, StockRow, WantedLine
from services.inventory.store import deliveries, reservations, stock, warehouses
from services.inventory.tests.soundness import violations
from services.inventory.use_cases.ask_return import (
    AnswerReturn,
    RequestReturn,
    approve_return,
    request_return,
)
from services.inventory.use_cases.book_stock import BookStock, Kind, StockDocument, StockLine, book_stock
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.keep_customer import KeepCustomer, keep_customer
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse
from services.inventory.use_cases.register_item import RegisterItem, register_item
from services.inventory.use_cases.release_stock import ReleaseStock, release_stock
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery
from services.inventory.use_cases.take_return import (
    InspectReturn,
    ReceiveReturn,
    inspect_return,
    receive_return,
)
from services.inventory.worker import SUBSCRIPTIONS

MIGRATIONS = Path(__file__).parents[1] / "migrations"
TODAY = date(2026, 3, 2)
HARBOR_PUMPS = derived_id("customer", "Harbor Pumps")


def q(text: str | int | Quantity) -> Quantity:
    """Return a quantity as people write it."""
    return text if isinstance(text, Quantity) else Quantity.of(text)


def an_item(sku: str = "A-VALVE", **details: Any) -> Item:
    """Return an item that is counted in pieces, unless ``details`` say otherwise."""
    usual: dict[str, Any] = {
        "id": derived_id("item", sku),
        "sku": sku,
        "name": f"The {sku}",
        "category": None,
        "uom": "pcs",
        "decimals": 0,
        "lot_tracked": False,
        "active": True,
    }
    return Item(**(usual | details))


def a_row(
    item_id: str, on_hand: str | int | Quantity, reserved: str | int | Quantity = 0, **details: Any
) -> StockRow:
    """Return a stock row in the default warehouse MAIN, unless ``details`` say otherwise."""
    warehouse = details.pop("warehouse", "MAIN")
    lot = details.pop("lot", "")
    usual: dict[str, Any] = {
        "key": StockKey(item_id, warehouse, lot),
        "on_hand": q(on_hand),
        "reserved": q(reserved),
        "warehouse_code": warehouse,
        "in_default_warehouse": warehouse == "MAIN",
        "expires_on": None,
        "age": "",
    }
    return StockRow(**(usual | details))


def order_id(name: str | int) -> str:
    """Return the id of the order that tests call ``name``."""
    return derived_id("order", str(name))


def line_id(order: str | int, number: int) -> str:
    """Return the id of line ``number`` (from 1) of the order that tests call ``order``."""
    return derived_id("line", str(order), str(number))


class Shop:
    """Inventory on a real database, spoken to through its use cases."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.bus = EmbeddedBus({"inventory": database}, {"inventory": SUBSCRIPTIONS})

    def do(self, work: Callable[[Transaction], Any]) -> Any:
        """Run ``work`` in one transaction."""
        return self.database.transact(work)

    def item(self, sku: str = "A-VALVE", **details: Any) -> Item:
        """Register an item."""
        command = RegisterItem(**({"sku": sku, "name": f"The {sku}", "uom": "pcs"} | details))
        return self.do(lambda tx: register_item(tx, command))

    def warehouse(self, code: str = "MAIN") -> Warehouse:
        """Open a warehouse."""
        return self.do(lambda tx: open_warehouse(tx, OpenWarehouse(code, f"Warehouse {code}")))

    def default_warehouse(self) -> Warehouse:
        """Return the warehouse that orders are filled from first."""
        place_id = self.database.read(warehouses.default_id)
        found = self.database.read(lambda connection: warehouses.find(connection, str(place_id)))
        assert found is not None
        return found

    def book(
        self, warehouse: Warehouse, *lines: tuple[Any, ...], kind: Kind = "receipt", **more: Any
    ) -> StockDocument:
        """Book lines of (item, quantity) or (item, quantity, lot)."""
        booked = tuple(StockLine(line[0].id, q(line[1]), *line[2:]) for line in lines)
        command = BookStock(kind, warehouse.id, booked, TODAY, **more)
        return self.do(lambda tx: book_stock(tx, command))

    def reserve(self, name: str | int, *lines: tuple[Item | str, str | int], **more: Any) -> Reservation:
        """Reserve lines of (item, quantity) for the order called ``name``; asking again repeats the request."""
        wanted = tuple(
            WantedLine(line_id(name, number), item if isinstance(item, str) else item.id, q(quantity))
            for number, (item, quantity) in enumerate(lines, start=1)
        )
        usual: dict[str, Any] = {"ordered_on": TODAY, "promised_on": TODAY}
        command = ReserveStock(
            order_id(name), f"SO-{name}", HARBOR_PUMPS, order_id(name), wanted, **(usual | more)
        )
        return self.do(lambda tx: reserve_stock(tx, command))

    def release(self, name: str | int, reason: str = "cancelled") -> None:
        """Release the order called ``name``."""
        self.do(lambda tx: release_stock(tx, ReleaseStock(order_id(name), reason, order_id(name))))

    def confirm(self, name: str | int) -> list[Delivery]:
        """Make the delivery notes of the order called ``name``."""
        return self.do(
            lambda tx: create_deliveries(tx, order_id(name), customer_id=HARBOR_PUMPS, promised_on=TODAY)
        )

    def ship(self, delivery: Delivery, *parts: tuple[str, str | int], on: date | None = None) -> Delivery:
        """Ship a note, or parts of (order line id, quantity) of it."""
        chosen = tuple(Part(line, q(quantity)) for line, quantity in parts)
        return self.do(lambda tx: ship_delivery(tx, ShipDelivery(delivery.id, TODAY, on, chosen)))

    def shipped(self, name: str | int, *lines: tuple[Item, str | int]) -> Delivery:
        """Reserve, confirm and ship the order called ``name``, which leaves as one delivery."""
        self.reserve(name, *lines)
        (note,) = self.confirm(name)
        return self.ship(note)

    def ask_back(
        self, delivery: Delivery, *parts: tuple[Any, ...], reason: str = "Too large", approved: bool = False
    ) -> GoodsReturn:
        """Ask for parts of (order line id, quantity) or (order line id, quantity, lot) to come back."""
        wanted = tuple(ReturnPart(part[0], q(part[1]), *part[2:]) for part in parts)
        asked = self.do(lambda tx: request_return(tx, RequestReturn(delivery.id, wanted, reason)))
        return self.approve(asked) if approved else asked

    def approve(self, asked: GoodsReturn) -> GoodsReturn:
        """Allow a return."""
        return self.do(lambda tx: approve_return(tx, AnswerReturn(asked.id)))

    def take_back(
        self, asked: GoodsReturn, place: Warehouse, *parts: tuple[int, str | int], **more: Any
    ) -> GoodsReturn:
        """Receive a return, or parts of (line number, quantity) of it."""
        came = tuple(ReceivedPart(line_no, q(quantity)) for line_no, quantity in parts)
        command = ReceiveReturn(asked.id, place.id, TODAY, parts=came, **more)
        return self.do(lambda tx: receive_return(tx, command))

    def inspect(self, asked: GoodsReturn, *lines: tuple[Any, ...], **more: Any) -> GoodsReturn:
        """Inspect lines of (line number, restocked, scrapped) or (line number, restocked, scrapped, credit)."""
        seen = tuple(Inspection(line[0], q(line[1]), q(line[2]), *line[3:]) for line in lines)
        return self.do(lambda tx: inspect_return(tx, InspectReturn(asked.id, seen, TODAY, **more)))

    def customer(self, owner_id: str | None = None) -> None:
        """Let crm tell of Harbor Pumps."""
        self.do(
            lambda tx: keep_customer(tx, KeepCustomer(HARBOR_PUMPS, "C-000001", "Harbor Pumps", owner_id))
        )

    def settle(self) -> None:
        """Deliver inventory's own facts to inventory until nothing is left to be said."""
        self.bus.drain()

    def told(self, *types: str) -> list[Message]:
        """Return what was said, in order; only of ``types`` (without ``inventory.`` and ``.v1``), if given."""
        wanted = {f"inventory.{name}.v1" for name in types}
        with self.database.reading() as connection:
            raw = connection.execute(select(event_log.c.envelope).order_by(event_log.c.seq)).scalars().all()
        messages = [Message.from_bytes(text.encode()) for text in raw]
        return [message for message in messages if not types or message.type in wanted]

    def state(self, name: str | int) -> str | None:
        """Return the state of the reservation of the order called ``name``."""
        found = self.reservation(name)
        return found.state if found else None

    def reservation(self, name: str | int) -> Reservation | None:
        """Return the reservation of the order called ``name``."""
        return self.database.read(lambda connection: reservations.of_order(connection, order_id(name)))

    def delivery(self, delivery_id: str) -> Delivery:
        """Return a delivery note as it is stored."""
        found = self.database.read(lambda connection: deliveries.find(connection, delivery_id))
        assert found is not None
        return found

    def stock(self, item: Item) -> tuple[str, str]:
        """Return what is on hand and reserved of ``item``, over all its rows."""
        rows = self.database.read(lambda connection: stock.rows(connection, [item.id]))
        return str(_sum(row.on_hand for row in rows)), str(_sum(row.reserved for row in rows))

    def assert_sound(self) -> None:
        """Fail when any invariant of inventory is broken."""
        broken = {name: ids for name, ids in self.database.read(violations).items() if ids}
        assert broken == {}


def _sum(quantities: Iterable[Quantity]) -> Quantity:
    return Quantity(sum(quantity.milli for quantity in quantities))
