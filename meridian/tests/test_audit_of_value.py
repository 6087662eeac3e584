"""The audit of what stock is worth sees each fault that it is there for."""

from __future__ import annotations

from libs.common.money import Price
from libs.common.testing.plugin import MakeDatabase
from meridian.tests.test_audit_bites import offenders, unguarded
from services.inventory.tests.builders import MIGRATIONS, Shop, line_id

FAULTS = {
    "I16_quantity_valued_is_what_lies_there": "UPDATE item_value SET quantity_milli = quantity_milli + 1000",
    "I16_value_is_the_sum_of_moves": "UPDATE stock_move SET value_minor = value_minor + 1 WHERE kind = 'restock'"
    " AND value_minor IS NOT NULL",
    "I16_no_more_cost_comes_back_than_left": "UPDATE goods_return_line SET cost_minor = cost_minor + 401",
}


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10, None, None, Price.of("2.00", "USD")))
    note = shop.shipped(1, (valve, 3))
    shop.inspect(shop.take_back(shop.ask_back(note, (line_id(1, 1), 1), approved=True), main), (1, 1, 0))
    assert [each for each in FAULTS if offenders(shop.database, "inventory", each)] == []

    for check, fault in FAULTS.items():
        unguarded(shop.database, fault)
        assert offenders(shop.database, "inventory", check), check
