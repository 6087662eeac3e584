"""The audit of picking, packing and delivering sees each fault that it is there for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from meridian.audit.run import QUERIES
from services.inventory.tests.builders import MIGRATIONS, Shop, line_id
from services.inventory.tests.picking import lack, pick

FAULTS = {
    "I01_a_reserved_order_holds_all_it_needs": (
        "UPDATE missing_part SET quantity_milli = quantity_milli + 1000"
    ),
    "I01_what_is_missing_waits_in_front": "UPDATE waiting SET queue_no = 7",
    "I01_a_discrepancy_left_the_books": "UPDATE stock_discrepancy SET missing_milli = missing_milli + 1",
}


def offenders(shop: Shop, name: str) -> list[str]:
    statement = (QUERIES / "inventory" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    with shop.database.reading() as connection:
        return [str(found) for found in connection.execute(text(statement)).scalars()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, name: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    shop.reserve(1, (valve, 5))
    (note,) = shop.confirm(1)
    pick(shop, note, lack(line_id(1, 1), 2))
    assert [each for each in FAULTS if offenders(shop, each)] == []

    shop.do(lambda tx: tx.connection.execute(text(FAULTS[name])))

    assert offenders(shop, name)
