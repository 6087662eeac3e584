"""The audit of what stock is worth sees each fault that it is there for."""

from __future__ import annotations

from sqlalchemy import text

from libs.common.money import Price
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from meridian.audit.across import cost_of_sales_is_what_left
from meridian.tests.test_audit_bites import FINANCE, offenders, unguarded
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, line_id, q
from services.inventory.use_cases.transfer_stock import (
    AboutTransfer,
    RequestTransfer,
    WantedPart,
    request_transfer,
    ship_transfer,
)

FAULTS = {
    "I13_daily_flows_are_the_moves": "UPDATE item_day SET shipped_milli = shipped_milli + 1000",
    "I16_quantity_valued_is_what_lies_there": "UPDATE item_value SET quantity_milli = quantity_milli + 1000",
    "I16_value_is_the_sum_of_moves": "UPDATE stock_move SET value_minor = value_minor + 1 WHERE kind = 'restock'"
    " AND value_minor IS NOT NULL",
    "I01_under_way_is_what_transfers_shipped": "UPDATE transfer_part SET received_milli = received_milli + 1000",
    "I16_no_more_cost_comes_back_than_left": "UPDATE goods_return_line SET cost_minor = cost_minor + 401",
}


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10, None, None, Price.of("2.00", "USD")))
    note = shop.shipped(1, (valve, 3))
    wanted = RequestTransfer(main.id, shop.warehouse("NORTH").id, (WantedPart(valve.id, q(2)),))
    moving = shop.do(lambda tx: request_transfer(tx, wanted))
    shop.do(lambda tx: ship_transfer(tx, AboutTransfer(moving.id, TODAY)))
    shop.inspect(shop.take_back(shop.ask_back(note, (line_id(1, 1), 1), approved=True), main), (1, 1, 0))
    assert [each for each in FAULTS if offenders(shop.database, "inventory", each)] == []

    for check, fault in FAULTS.items():
        unguarded(shop.database, fault)
        assert offenders(shop.database, "inventory", check), check


def test_goods_that_left_without_a_cost_of_sales_are_found(sqlite_databases: TestDatabases) -> None:
    stores = {
        "inventory": sqlite_databases.make("inventory", MIGRATIONS, clock=ManualClock()),
        "finance": sqlite_databases.make("finance", FINANCE, clock=ManualClock()),
    }
    shop = Shop(stores["inventory"])
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10, None, None, Price.of("2.00", "USD")))
    note = shop.shipped(1, (valve, 3))

    now = ManualClock().now()
    assert list(cost_of_sales_is_what_left(stores, now)) == [], "it is on its way"
    shop.do(lambda tx: tx.connection.execute(text("DELETE FROM outbox")))
    assert list(cost_of_sales_is_what_left(stores, now)) == [note.id]
