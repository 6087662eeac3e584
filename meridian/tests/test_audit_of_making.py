"""The audit of what is made sees each fault that it is there for."""

from __future__ import annotations

from sqlalchemy import Connection, text

from libs.common.testing.plugin import MakeDatabase
from meridian.audit.again import REPETITIONS
from meridian.audit.run import QUERIES
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.making import Making

FAULTS = {
    "I01_reserved_is_what_orders_hold": (
        "UPDATE component_allocation SET held_milli = held_milli - 1000 WHERE held_milli > 0"
    ),
    "I01_components_are_held_or_waited_for": "DELETE FROM component_want",
    "I01_no_shortage_is_bought_twice": (
        "UPDATE production_order SET need_milli = need_milli + 1000 WHERE state = 'request'"
    ),
    "I01_what_was_made_is_in_the_ledger": (
        "INSERT INTO stock_move SELECT (SELECT id FROM production_order WHERE state = 'running'), item_id, "
        "warehouse_id, lot, quantity_milli, kind, document_id, reference, moved_on, actor, recorded_at, NULL "
        "FROM stock_move WHERE kind = 'consumption'"
    ),
    "I03_components_are_used_as_reported": (
        "UPDATE production_component SET consumed_milli = consumed_milli + 1 WHERE used_milli > 0"
    ),
    "I13_a_production_order_is_as_far_as_its_reports": (
        "UPDATE production_order SET finished_milli = finished_milli + 1000 WHERE state = 'running'"
    ),
    "I14_production_order_numbers_have_no_gap": (
        "UPDATE production_order SET number = 'MO-000009' WHERE state = 'running'"
    ),
    "components_are_shares_of_the_bill": (
        "UPDATE production_component SET required_milli = required_milli + 1000"
    ),
}


def offenders(connection: Connection, name: str) -> list[str]:
    for again in REPETITIONS:
        if again.name == name:
            return list(again.offenders(connection))
    statement = (QUERIES / "inventory" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    return [str(found) for found in connection.execute(text(statement)).scalars()]


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    making = Making(shop)
    pump, rotor, main = shop.item("PUMP"), shop.item("ROTOR"), shop.warehouse()
    making.bom(rotor, (shop.item("STEEL"), 1))
    making.bom(pump, (rotor, 1))
    making.makes(rotor)
    shop.book(main, (rotor, 4))
    order = making.running(pump, main, 7)
    making.report(order.id, 2)
    assert making.planned() == [("running", "7", "7"), ("request", "3", "3")]
    with shop.database.engine.connect() as connection:
        assert [each for each in FAULTS if offenders(connection, each)] == []
        connection.rollback()
        for name, fault in FAULTS.items():
            connection.execute(text(fault))
            assert offenders(connection, name), name
            connection.rollback()
