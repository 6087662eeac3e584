"""Units go back to their supplier by serial: such as came from him, in one return at a time, and traced."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved
from services.inventory.domain.errors import StockInsufficient
from services.inventory.domain.purchase import PurchaseOrder
from services.inventory.domain.serial_errors import SerialAnnounced, SerialNotThere
from services.inventory.domain.supplier_returns import (
    NotInQuarantine,
    ReturnExceedsReceived,
    SupplierReturn,
    WantedBack,
)
from services.inventory.reports.supplier_returns import one_supplier_return, returnable
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, q
from services.inventory.tests.buying import LI, Buying
from services.inventory.tests.serial_acts import (
    ask_back,
    assert_sound,
    noted,
    offenders,
    pick,
    pump,
    refused,
    ship,
    states,
    take_in,
    traced,
)
from services.inventory.use_cases.receive_purchase import ReceivedLine, ReceivePurchase, receive_purchase
from services.inventory.use_cases.return_to_supplier import (
    AboutSupplierReturn,
    RequestSupplierReturn,
    approve_supplier_return,
    cancel_supplier_return,
    request_supplier_return,
    ship_supplier_return,
)

BEARS = "I01_what_goes_back_bears_its_serials"


class Back:
    """Four pumps SN1..SN4 that were bought, and a fifth that was found."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.buying = shop, Buying(shop)
        self.main, self.pump = shop.warehouse(), pump(shop)
        self.order = self.bought("SN1..SN4", 4)
        take_in(shop, self.main, self.pump, 1, "FOUND1", kind="adjustment")

    def bought(self, names: str, quantity: int) -> PurchaseOrder:
        foundry = self.buying.supplier(f"S-{self.shop.database.ids.new()[-6:]}")
        self.buying.buys(self.pump, foundry)
        order = self.buying.ordered(self.pump, foundry, self.main, quantity)
        line = ReceivedLine(order.lines[0].id, q(quantity), serials=(names,))
        command = ReceivePurchase(order.id, (line,), TODAY)
        self.buying.do(lambda tx: receive_purchase(tx, command))
        return order

    def wanted(self, *names: str, quantity: int | None = None, **more: Any) -> WantedBack:
        (part,) = self.shop.database.read(lambda connection: returnable(connection, self.order.id))
        count = len(names) if quantity is None else quantity
        return WantedBack(part.receipt_id, part.position, q(count), serials=names, **more)

    def ask(self, *lines: WantedBack) -> SupplierReturn:
        command = RequestSupplierReturn(self.order.id, self.main.id, "Cracked", lines)
        return self.buying.do(lambda tx: request_supplier_return(tx, command))

    def allowed(self, *names: str, **more: Any) -> SupplierReturn:
        asked = self.ask(self.wanted(*names, **more))
        return self.buying.do(lambda tx: approve_supplier_return(tx, AboutSupplierReturn(asked.id)), LI)

    def cancel(self, asked: SupplierReturn) -> SupplierReturn:
        about = AboutSupplierReturn(asked.id, "They repair it here")
        return self.buying.do(lambda tx: cancel_supplier_return(tx, about))

    def ship(self, asked: SupplierReturn) -> SupplierReturn:
        return self.buying.do(lambda tx: ship_supplier_return(tx, AboutSupplierReturn(asked.id), TODAY, None))

    def sound(self) -> None:
        assert_sound(self.shop)
        assert offenders(self.shop, BEARS, "I03_what_goes_back_came_in") == {}


@pytest.fixture
def back(shop: Shop) -> Back:
    return Back(shop)


def test_units_go_back_by_their_serials_and_leave_a_trace(back: Back) -> None:
    asked = back.allowed("SN2", "SN4")
    assert states(back.shop, back.pump, "SN2", "SN4") == ["in_stock", "in_stock"]
    back.ship(asked)
    assert states(back.shop, back.pump, "SN1", "SN2", "SN4") == ["in_stock", "sent_back", "sent_back"]
    trace = traced(back.shop, back.pump, "SN2").trace
    assert [(each.kind, each.state) for each in trace] == [
        ("received", "in_stock"),
        ("sent_back", "sent_back"),
    ]
    assert trace[-1].reference == asked.number
    (told,) = back.shop.told("supplier_return.shipped")
    assert told.data["lines"][0]["serials"] == ["SN2", "SN4"]
    shown = back.shop.database.read(lambda connection: one_supplier_return(connection, asked.id))
    assert shown.lines[0].serials == ("SN2", "SN4")
    (part,) = back.shop.database.read(lambda connection: returnable(connection, back.order.id))
    assert (part.serials, str(part.left)) == (("SN1", "SN3"), "2")
    assert back.shop.stock(back.pump) == ("3", "0")
    back.sound()


def test_a_unit_is_named_for_each_that_goes_back_and_came_from_this_supplier(back: Back) -> None:
    first = back.order
    back.order = back.bought("XX1", 1)
    for code, wanted in (
        ("serials_missing", back.wanted(quantity=1)),
        ("serial_not_of_receipt", back.wanted("FOUND1")),
        ("serial_not_of_receipt", back.wanted("SN1")),
        ("serial_not_of_receipt", back.wanted("SN99")),
    ):
        refused(code, "lines.0.serials", partial(back.ask, wanted))
    back.order = first
    refused("serials_missing", "lines.0.serials", lambda: back.ask(back.wanted("SN1", quantity=2)))
    pick(back.shop, noted(back.shop, 1, back.pump, 1), 1, "SN3")
    refused("serial_not_there", "lines.0.serials", lambda: back.ask(back.wanted("SN3")))
    back.ask(back.wanted("SN1"))
    refused("serial_announced", "lines.0.serials", lambda: back.ask(back.wanted("SN1", "SN2")))
    back.sound()


def test_what_is_given_up_may_be_announced_again_and_what_was_picked_meanwhile_does_not_leave(
    back: Back,
) -> None:
    back.cancel(back.ask(back.wanted("SN1")))
    back.sound()
    asked = back.allowed("SN1")
    note = noted(back.shop, 1, back.pump, 1)
    pick(back.shop, note, 1, "SN1")
    with pytest.raises(SerialNotThere) as taken:
        back.ship(asked)
    assert (taken.value.field, taken.value.figures["state"]) == ("lines.0.serials", "picked")
    ship(back.shop, note, 1, "SN1")
    back.cancel(asked)
    back.sound()


def test_what_is_promised_does_not_go_back_whatever_its_serial(back: Back) -> None:
    back.shop.reserve(1, (back.pump, 4))
    with pytest.raises(StockInsufficient):
        back.ship(back.allowed("SN1", "SN2"))
    back.sound()


def test_a_unit_that_was_repaired_comes_in_again_and_can_go_back_with_its_new_receipt_only(
    back: Back,
) -> None:
    back.ship(back.allowed("SN1"))
    first = back.order
    back.order = back.bought("SN1", 1)
    assert states(back.shop, back.pump, "SN1") == ["in_stock"]
    newer, back.order = back.order, first
    refused("serial_not_of_receipt", "lines.0.serials", lambda: back.ask(back.wanted("SN1")))
    back.order = newer
    back.ship(back.allowed("SN1"))
    assert [each.kind for each in traced(back.shop, back.pump, "SN1").trace] == [
        "received", "sent_back", "received", "sent_back",
    ]  # fmt: skip
    back.sound()


def test_units_that_a_customer_sent_back_go_on_out_of_quarantine(back: Back) -> None:
    shop = back.shop
    note = noted(shop, 1, back.pump, 2)
    ship(shop, note, 1, "SN1", "SN2")
    asked = ask_back(shop, note, 1, "SN1", "SN2")
    shop.take_back(asked, back.main)
    of = {"goods_return_id": asked.id, "goods_return_line": 1}
    with pytest.raises(NotInQuarantine):
        back.ask(back.wanted("SN1", "SN3", **of))
    back.ship(back.allowed("SN1", "SN2", **of))
    assert states(shop, back.pump, "SN1", "SN2") == ["sent_back", "sent_back"]
    assert [each.kind for each in traced(shop, back.pump, "SN1").trace] == [
        "received", "shipped", "returned", "scrapped", "sent_back",
    ]  # fmt: skip
    back.sound()


@pytest.mark.postgres
def test_one_unit_is_announced_by_two_at_once(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    back = Back(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))
    rounds = iter(range(1000))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        back.order = back.bought(f"R{number:04}A1..R{number:04}A3", 3)
        wanted = [back.wanted(f"R{number:04}A1", each) for each in (f"R{number:04}A2", f"R{number:04}A3")]
        acts = [partial(back.ask, each) for each in (reversed(wanted) if swapped else wanted)]
        front, behind, stopped = interleaved(back.shop.database, acts[0], acts[1], at)
        outcomes = (front, behind)
        assert sum(isinstance(each, SupplierReturn) for each in outcomes) == 1, outcomes
        assert sum(isinstance(each, SerialAnnounced | ReturnExceedsReceived) for each in outcomes) == 1, (
            outcomes
        )
        return stopped

    assert every_order(one) > 2
    back.sound()


@pytest.mark.postgres
def test_a_unit_goes_back_as_a_picker_takes_it(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    back = Back(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))
    rounds = iter(range(1000))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        back.order = back.bought(f"R{number:04}A1..R{number:04}A2", 2)
        unit = f"R{number:04}A1"
        asked, note = back.allowed(unit), noted(back.shop, number, back.pump, 1)
        acts = [partial(back.ship, asked), partial(pick, back.shop, note, number, unit)]
        first, second = reversed(acts) if swapped else acts
        front, behind, stopped = interleaved(back.shop.database, first, second, at)
        won = [each for each in (front, behind) if not isinstance(each, Exception)]
        (lost,) = (each for each in (front, behind) if isinstance(each, Exception))
        assert len(won) == 1
        assert isinstance(lost, SerialNotThere), lost
        return stopped

    assert every_order(one) > 5
    back.sound()
