"""The audit of serials and of what has expired sees each fault that it is there for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from meridian.audit.serials import a_serial_is_with_one_customer
from meridian.tests.test_audit_bites import unguarded
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.serial_acts import CHECKS, noted, offenders, pick, pump, ship, take_in
from services.service_desk.tests.builders import MIGRATIONS as DESK

PROMISES = "I01_nothing_expired_is_promised"
FAULTS = {
    "I01_serials_in_the_house_are_on_hand": "UPDATE serial SET state = 'lost', warehouse_id = NULL WHERE serial = 'S3'",
    "I01_what_moved_bears_its_serials": "UPDATE serial_event SET kind = 'lost' WHERE kind = 'shipped'",
    "I13_a_serial_is_as_its_history_says": "UPDATE serial SET state = 'in_stock' WHERE serial = 'S2'",
    "I13_a_serial_leaves_from_the_house": "UPDATE serial_event SET state = 'lost' WHERE kind = 'received'",
}

_ITEM = """
INSERT INTO installed_item (id, delivery_id, line_no, delivery_number, order_id, order_number, customer_id, item_id,
sku, item_name, quantity_milli, shipped_on, correlation_id, created_at)
VALUES (:id, :note, :line, 'DN-1', :note, 'SO-1', :customer, :item, 'P', 'P', 1000, '2026-03-02', 'c', :now)
"""
_UNIT = """
INSERT INTO installed_serial (delivery_id, line_no, serial, item_id, created_at)
VALUES (:note, :line, 'S1', :item, :now)
"""
HOLD = (_ITEM, _UNIT)


@pytest.mark.parametrize("check", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, check: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 3, "S1..S3")
    ship(shop, noted(shop, 1, item, 1), 1, "S1")
    pick(shop, noted(shop, 2, item, 1), 2, "S2")
    assert offenders(shop, *CHECKS) == {}
    unguarded(shop.database, FAULTS[check])
    assert offenders(shop, check)


def test_a_promise_of_what_is_set_aside_is_found(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    milk, main = shop.item("MILK", lot_tracked=True), shop.warehouse()
    shop.book(main, (milk, 5, "L", shop.database.clock.now().date() + timedelta(days=1)))
    shop.reserve(1, (milk, 2))
    assert offenders(shop, PROMISES) == {}
    unguarded(shop.database, "UPDATE stock SET expired = true")
    assert offenders(shop, PROMISES)


def test_a_unit_that_two_customers_hold_or_nobody_knows_of_is_found(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    desk = make_database("service_desk", DESK)
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 1, "S1")
    note = noted(shop, 1, item, 1)
    ship(shop, note, 1, "S1")
    databases = {"inventory": shop.database, "service_desk": desk}
    now = datetime.now(UTC)

    def found() -> list[str]:
        return list(a_serial_is_with_one_customer(databases, now))

    shop.do(lambda tx: tx.connection.execute(text("DELETE FROM outbox")))
    assert found() == ["S1"], "inventory shipped it, and the desk never heard of it"

    def hold(customer: str, line: int) -> None:
        at = {
            "id": f"00000000-0000-7000-8000-0000000000{line:02}", "note": note.id, "line": line, "customer": customer,
            "item": item.id, "now": "2026-03-02 08:00:00",
        }  # fmt: skip
        for statement in HOLD:
            desk.transact(lambda tx, statement=statement: tx.connection.execute(text(statement), at))

    hold(note.customer_id, 1)
    assert found() == []
    hold(main.id, 2)
    assert found() == ["S1"]
