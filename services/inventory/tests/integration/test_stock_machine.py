"""Whatever happens in whatever order: the stock is right, the ledger is right, and the queue is fair.

A small model of the rules, written differently from the product, says what must have become of every order.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.machines import machine_settings
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import ReturnExceedsShipped
from services.inventory.domain.returns import GoodsReturn
from services.inventory.tests.builders import MIGRATIONS, Shop, q
from services.inventory.tests.picking import pick

SKUS = ("A-VALVE", "PIPE", "PUMP")
WANTS = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=3)


@dataclass
class ModelOrder:
    """What the model knows of an order."""

    wants: dict[str, int]
    takes_part: bool = False
    whole: bool = False
    state: str = "waiting"
    has: dict[str, int] = field(default_factory=dict)
    shipped: int = 0

    @property
    def lacks(self) -> dict[str, int]:
        """What it has neither got nor sees on its way out."""
        return {sku: wanted - self.has.get(sku, 0) for sku, wanted in self.wants.items()}

    def take(self, gets: dict[str, int]) -> None:
        """Hold so much more."""
        for sku, quantity in gets.items():
            self.has[sku] = self.has.get(sku, 0) + quantity
        if not any(self.lacks.values()):
            self.state = "reserved"
        elif any(self.has.values()):
            self.state = "partial"

    @property
    def sends(self) -> bool:
        """Whether what it holds may leave."""
        return self.state == "reserved" or (self.state == "partial" and not self.whole)


class StockMachine(RuleBasedStateMachine):
    """Receives, reserves in whole or in part, confirms, ships and releases at random."""

    def __init__(self, databases: TestDatabases) -> None:
        super().__init__()
        self._databases = databases
        self.orders: list[ModelOrder] = []
        self.confirmed: set[int] = set()
        self.gone: list[Delivery] = []
        self.announced: dict[tuple[str, str, str], int] = {}
        self.arrived: list[tuple[GoodsReturn, str, int]] = []
        self.on_hand = dict.fromkeys(SKUS, 0)
        self.available = dict.fromkeys(SKUS, 0)

    @initialize()
    def open_shop(self) -> None:
        self.shop = Shop(self._databases.make("inventory", MIGRATIONS, clock=ManualClock()))
        self.items = {sku: self.shop.item(sku) for sku in SKUS}
        self.main, self.north = self.shop.warehouse("MAIN"), self.shop.warehouse("NORTH")

    def _serve_in_the_model(self) -> None:
        spoken_for = dict.fromkeys(SKUS, 0)
        for order in self.orders:
            if order.state not in ("waiting", "partial"):
                continue
            free = {sku: max(0, self.available[sku] - spoken_for[sku]) for sku in SKUS}
            gets = {sku: min(lack, free[sku]) for sku, lack in order.lacks.items()}
            if order.takes_part or gets == order.lacks:
                order.take(gets)
                for sku, quantity in gets.items():
                    self.available[sku] -= quantity
            for sku, quantity in order.lacks.items():
                spoken_for[sku] += quantity

    @rule(sku=st.sampled_from(SKUS), quantity=st.integers(1, 9), north=st.booleans())
    def receive(self, sku: str, quantity: int, north: bool) -> None:
        self.shop.book(self.north if north else self.main, (self.items[sku], quantity))
        self.on_hand[sku] += quantity
        self.available[sku] += quantity
        self._serve_in_the_model()
        self.shop.settle()

    @rule(lines=WANTS, takes_part=st.booleans(), whole=st.booleans())
    def order(self, lines: list[tuple[str, int]], takes_part: bool, whole: bool) -> None:
        wants: dict[str, int] = {}
        for sku, quantity in lines:
            wants[sku] = wants.get(sku, 0) + quantity
        whole = whole and takes_part
        self.orders.append(ModelOrder(wants, takes_part, whole))
        self._serve_in_the_model()
        wanted = ((self.items[sku], quantity) for sku, quantity in lines)
        self.shop.reserve(len(self.orders) - 1, *wanted, takes_part=takes_part, ship_complete=whole)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.orders) - 1), label="order")
        order = self.orders[number]
        if order.state in ("reserved", "partial"):
            self._take_back_in_the_model(number)
        if order.state in ("reserved", "partial", "waiting"):
            order.state = "released"
        self._serve_in_the_model()
        self.shop.release(number)
        self.shop.settle()

    def _take_back_in_the_model(self, number: int) -> None:
        left = dict(self.orders[number].has)
        for told in self.shop.told("delivery.shipped"):
            if told.data["order_number"] == f"SO-{number}":
                for line in told.data["lines"]:
                    left[line["sku"]] -= int(line["quantity"])
        for sku, quantity in left.items():
            self.available[sku] += quantity

    @precondition(lambda self: any(order.sends for order in self.orders))
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from([n for n, order in enumerate(self.orders) if order.sends]))
        notes = self.shop.confirm(number)
        assert bool(notes) != (number in self.confirmed)
        self.confirmed.add(number)

    @precondition(lambda self: any(self._open_notes()))
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        number, note = data.draw(st.sampled_from(self._open_notes()))
        line = data.draw(st.sampled_from(note.lines))
        quantity = data.draw(st.integers(1, line.quantity.milli // 1000), label="pieces")
        # What leaves in one piece is not sent in parts, and leaves when all of it is picked.
        whole = data.draw(st.booleans(), label="whole") or self.orders[number].whole
        if self.orders[number].whole:
            for each_number, each in self._open_notes():
                if each_number == number and each.state == "ready":
                    pick(self.shop, each)
        shipped = self.shop.ship(note) if whole else self.shop.ship(note, (line.order_line_id, quantity))
        self.gone.append(shipped)
        for part in shipped.lines:
            sku = next(sku for sku, item in self.items.items() if item.id == part.key.item_id)
            pieces = part.quantity.milli // 1000
            self.on_hand[sku] -= pieces
            self.orders[number].shipped += pieces
        if self.orders[number].shipped == sum(self.orders[number].wants.values()):
            self.orders[number].state = "consumed"

    @precondition(lambda self: self.gone)
    @rule(data=st.data(), north=st.booleans())
    def come_back(self, data: st.DataObject, north: bool) -> None:
        """Announce a part of what was shipped, as much as there is or too much, and receive some of it."""
        note = data.draw(st.sampled_from(self.gone))
        line = data.draw(st.sampled_from(note.lines))
        key = (note.id, line.order_line_id, line.key.lot)
        left = line.quantity.milli // 1000 - self.announced.get(key, 0)
        asked = data.draw(st.integers(1, left + 1), label="asked")
        wanted = (line.order_line_id, asked)
        if asked > left:
            with pytest.raises(ReturnExceedsShipped):
                self.shop.ask_back(note, wanted)
            return
        allowed = self.shop.ask_back(note, wanted, approved=True)
        came = data.draw(st.integers(1, asked), label="came")
        received = self.shop.take_back(allowed, self.north if north else self.main, (1, came))
        self.announced[key] = self.announced.get(key, 0) + came
        sku = next(sku for sku, item in self.items.items() if item.id == line.key.item_id)
        self.arrived.append((received, sku, came))

    @precondition(lambda self: self.arrived)
    @rule(data=st.data())
    def inspect(self, data: st.DataObject) -> None:
        """Put some of what lies in quarantine on the shelf; only then does it serve who waits."""
        received, sku, came = self.arrived.pop(
            data.draw(st.integers(0, len(self.arrived) - 1), label="return")
        )
        good = data.draw(st.integers(0, came), label="good")
        self.shop.inspect(received, (1, good, came - good))
        self.on_hand[sku] += good
        self.available[sku] += good
        self._serve_in_the_model()
        self.shop.settle()

    def _open_notes(self) -> list[tuple[int, Delivery]]:
        made = [self.shop.delivery(told.data["delivery_id"]) for told in self.shop.told("delivery.created")]
        return [
            (int(note.order_number.removeprefix("SO-")), note)
            for note in made
            if note.state in ("ready", "picked")
        ]

    @invariant()
    def the_database_is_sound(self) -> None:
        if hasattr(self, "shop"):
            self.shop.assert_sound()

    @invariant()
    def every_order_is_where_the_model_says(self) -> None:
        for number, order in enumerate(self.orders):
            assert self.shop.state(number) == order.state, f"order {number}: {order}"

    @invariant()
    def what_is_held_of_a_confirmed_order_is_on_its_notes(self) -> None:
        on_notes = dict.fromkeys(range(len(self.orders)), 0)
        for number, note in self._open_notes() if self.confirmed else ():
            on_notes[number] += sum(line.quantity.milli // 1000 for line in note.lines)
        for number in self.confirmed:
            order = self.orders[number]
            held = sum(order.has.values()) - order.shipped if order.sends else 0
            assert on_notes[number] == held, f"order {number}: {order}"

    @invariant()
    def the_stock_is_what_the_model_says(self) -> None:
        for sku, item in getattr(self, "items", {}).items():
            promised = self.on_hand[sku] - self.available[sku]
            assert self.shop.stock(item) == (str(q(self.on_hand[sku])), str(q(promised)))

    def teardown(self) -> None:
        self._databases.drop_copies()


def test_stock_stays_right_whatever_happens(databases: TestDatabases) -> None:
    def machine() -> StockMachine:
        return StockMachine(databases)

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]
        settings=machine_settings(databases.engine),
    )
