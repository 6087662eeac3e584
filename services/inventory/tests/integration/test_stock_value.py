"""What stock is worth follows each move, in its transaction, and others are told what goods cost."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from libs.common.db import Transaction
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.stock import StockKey
from services.inventory.domain.turnover import Turnover
from services.inventory.domain.valuation import CostCurrencyDiffers, CostOfLess, Valuation, Worth
from services.inventory.reports.turnover import turnover
from services.inventory.store import stock, valuations
from services.inventory.tests.builders import Shop, line_id, order_id, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.making import Making
from services.inventory.use_cases.set_supply import AddSupplierPrice, add_supplier_price
from services.inventory.use_cases.value_stock import RevalueItem, revalue_item, value_moves

TODAY = date(2026, 3, 2)


def usd(written: str) -> Money:
    return Money.of(written, "USD")


def each(written: str, currency: str = "USD") -> Price:
    return Price.of(written, currency)


@pytest.fixture(scope="module")
def shop(lasting_shop: Shop) -> Shop:
    """Give the one inventory of this file: each test has items of its own."""
    return lasting_shop


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    """Give the warehouse."""
    return shop.default_warehouse()


def value(shop: Shop, item: Item) -> Valuation:
    return shop.database.transact(lambda tx: valuations.lock(tx.connection, [item.id])[item.id])


def costs(shop: Shop, name: str, order: str) -> list[Any]:
    told = [each.data for each in shop.told(name) if each.data["order_id"] == order_id(order)]
    return [line["cost"] and line["cost"]["minor"] for data in told for line in data["lines"]]


def stocked(shop: Shop, place: Warehouse, sku: str, *parts: tuple[int, str]) -> Item:
    item = shop.item(sku)
    for quantity, cost in parts:
        shop.book(place, (item, quantity, None, None, each(cost)))
    return item


def test_a_shipment_takes_its_share_and_says_what_each_line_cost(shop: Shop, main: Warehouse) -> None:
    valve, pump = stocked(shop, main, "S-VALVE", (2, "1.00"), (1, "1.01")), shop.item("S-PUMP")
    shop.book(main, (pump, 5))

    shop.shipped("ship", (valve, 1), (valve, 1), (pump, 1))

    assert costs(shop, "delivery.shipped", "ship") == [101, 100, None]
    assert value(shop, valve).value == usd("1.00")
    assert value(shop, pump) == Valuation(pump.id, 4000)
    told = [each.data for each in shop.told("item.cost_changed") if each.data["sku"] == "S-VALVE"]
    assert [(data["before"] and data["before"]["e4"], data["unit_cost"]["e4"]) for data in told] == [
        (None, 10_000),
        (10_000, 10_033),
    ], "a shipment changes no average"


def test_what_comes_back_is_worth_what_it_was_when_it_left(shop: Shop, main: Warehouse) -> None:
    valve = stocked(shop, main, "B-VALVE", (3, "3.3333"))
    note = shop.shipped("back", (valve, 3))
    shop.book(main, (valve, 1, None, None, each("9.00")))
    part = line_id("back", 1)

    first = shop.take_back(shop.ask_back(note, (part, 1), approved=True), main)
    assert value(shop, valve).value == usd("9.00"), "what is in quarantine is worth nothing yet"
    shop.inspect(first, (1, 1, 0))
    second = shop.take_back(shop.ask_back(note, (part, 2), approved=True), main)
    shop.inspect(second, (1, 1, 1))

    assert costs(shop, "return.inspected", "back") == [333, 334]
    assert value(shop, valve).value == usd("15.67")


def test_a_purchase_brings_its_price_unless_it_is_in_another_currency(shop: Shop, main: Warehouse) -> None:
    valve, buying = shop.item("P-VALVE"), Buying(shop)
    foundry = buying.supplier()
    buying.buys(valve, foundry, "2.50")
    buying.receive(buying.ordered(valve, foundry, main, 4), (0, 4))
    price = AddSupplierPrice(foundry.id, valve.id, each("9.00", "EUR"), TODAY, Quantity.zero())
    buying.do(lambda tx: add_supplier_price(tx, price))
    abroad = buying.ordered(valve, foundry, main, 4)

    buying.receive(abroad, (0, 2))
    assert value(shop, valve).value == usd("15.00"), "what those in stock cost"
    with pytest.raises(CostCurrencyDiffers) as refusal:
        buying.receive(abroad, (0, 1, None, None, each("9.90", "EUR")))
    buying.receive(abroad, (0, 2, None, None, each("9.90")))

    assert refusal.value.field == "lines.0.unit_cost"
    assert value(shop, valve).value == usd("34.80")


def test_what_is_made_is_worth_what_it_used_up_scrap_and_all(shop: Shop, main: Warehouse) -> None:
    valve, plain = stocked(shop, main, "F-VALVE", (10, "1.01")), shop.item("F-PLAIN")
    shop.book(main, (plain, 10))
    pump, unknown, making = shop.item("F-PUMP"), shop.item("F-UNKNOWN"), Making(shop)
    making.bom(pump, (valve, 2))
    making.bom(unknown, (valve, 1), (plain, 1))

    making.report(making.running(pump, main, 3).id, 2, 1)
    making.report(making.running(unknown, main, 1).id, 1)

    assert (value(shop, pump).milli, value(shop, pump).value) == (2000, usd("6.06"))
    assert value(shop, unknown) == Valuation(unknown.id, 1000), "a part of it has no cost yet"
    assert value(shop, valve).value == usd("3.03")
    shop.assert_sound()


def test_a_cost_that_cannot_be_is_refused_and_nothing_is_booked(shop: Shop, main: Warehouse) -> None:
    valve = stocked(shop, main, "R-VALVE", (2, "1.00"))

    with pytest.raises(CostCurrencyDiffers) as other:
        shop.book(main, (valve, 1), (valve, 1, None, None, each("1.00", "EUR")))
    with pytest.raises(CostOfLess) as less:
        shop.book(main, (valve, -1, None, None, each("1.00")), kind="adjustment", reference="count")

    assert (other.value.field, less.value.field) == ("lines.1.unit_cost", "lines.0.unit_cost")
    assert value(shop, valve).quantity.milli == 2000


def test_r1_3_the_turnover_says_what_was_shipped_and_what_lay_there(shop: Shop, main: Warehouse) -> None:
    valve = stocked(shop, main, "T-VALVE", (10, "2.00"))
    shop.shipped("turn", (valve, 4))
    shop.do(lambda tx: revalue_item(tx, RevalueItem(valve.id, each("1.00"), "Damp", TODAY)))

    def of(**more: Any) -> list[Turnover]:
        return shop.database.read(lambda connection: turnover(connection, item_id=valve.id, **more))

    (found,) = of(from_day=TODAY, to_day=date(2026, 3, 11))
    (later,) = of(from_day=date(2026, 3, 3), to_day=date(2026, 3, 4))

    assert (found.cost_of_goods_shipped, found.closing_value) == (usd("8.00"), usd("6.00"))
    assert (found.average_value, str(found.turnover)) == (usd("6.00"), "1.33")
    assert (later.opening_value, later.cost_of_goods_shipped) == (usd("6.00"), usd("0.00"))
    assert of(from_day=TODAY, to_day=TODAY, category="None such") == []


def test_many_who_ship_and_receive_two_items_at_once_lose_no_cent(shop: Shop, main: Warehouse) -> None:
    """Each sees the value that the one before it left; a lost update would leave value without stock."""
    valve, pump = (
        stocked(shop, main, "M-VALVE", (40, "1.0101")),
        stocked(shop, main, "M-PUMP", (40, "3.3333")),
    )
    notes = []
    for number in range(8):
        shop.reserve(f"many-{number}", (valve, 1), (pump, 2))
        notes += shop.confirm(f"many-{number}")
    lines = [(valve, 1, None, None, each("2.22")), (pump, 1, None, None, each("0.07"))]
    come = [partial(shop.book, main, *(lines if n % 2 else lines[::-1])) for n in range(8)]

    answers = at_once([*(partial(shop.ship, note) for note in notes), *come])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (value(shop, valve).milli, value(shop, pump).milli) == (40_000, 32_000)
    shop.assert_sound()


def test_the_row_itself_is_kept_from_whoever_forgot_to_lock_the_item(shop: Shop, main: Warehouse) -> None:
    """Ten who add a unit each, none of whom keeps the item to himself: each must see what the one before it added."""
    valve = stocked(shop, main, "K-VALVE", (1, "1.00"))
    key = StockKey(valve.id, main.id, "")

    def add(tx: Transaction) -> None:
        move = stock.Move(key, q(1), "adjustment", tx.new_id(), "SA", TODAY)
        valued = value_moves(tx, {valve.id: valve}, [move], [Worth(each("3.00"))])
        assert stock.add_to_row(tx.connection, key, q(1))
        stock.write_moves(tx, valued)

    at_once([partial(shop.do, add)] * 10)

    assert (value(shop, valve).milli, value(shop, valve).value) == (11_000, usd("31.00"))
