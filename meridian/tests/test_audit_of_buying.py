"""The audit of what is bought sees each fault that it is there for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from meridian.audit.run import QUERIES
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.buying import Buying

FAULTS = {
    "I01_received_is_the_sum_of_receipts": (
        "UPDATE purchase_order_line SET received_milli = received_milli - 1000 WHERE received_milli > 0"
    ),
    "I01_what_came_in_is_in_the_ledger": (
        "INSERT INTO purchase_receipt_line (document_id, position, purchase_order_line_id, item_id, lot, "
        "quantity_milli) SELECT document_id, 9, purchase_order_line_id, item_id, lot, 1000 "
        "FROM purchase_receipt_line"
    ),
    "I01_no_shortage_is_bought_twice": (
        "UPDATE requisition SET need_milli = need_milli + 1 WHERE origin = 'shortage' AND state = 'open'"
    ),
    "I03_a_purchase_order_is_the_sum_of_its_lines": (
        "UPDATE purchase_order SET total_minor = total_minor + 1"
    ),
    "I03_what_was_asked_for_is_ordered": (
        "UPDATE requisition SET quantity_milli = quantity_milli + 1 WHERE state = 'ordered'"
    ),
    "I13_a_purchase_order_is_as_far_as_its_lines": (
        "UPDATE purchase_order SET state = 'received' WHERE state = 'partially_received'"
    ),
}


def offenders(shop: Shop, name: str) -> list[str]:
    statement = (QUERIES / "inventory" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    with shop.database.reading() as connection:
        return [str(found) for found in connection.execute(text(statement)).scalars()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, name: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    buying = Buying(shop)
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    order = buying.ordered(valve, foundry, main, 10)
    buying.receive(order, (0, 4))
    shop.reserve("a", (valve, 12))
    assert buying.asked(valve) == [("ordered", "10", "10"), ("open", "2", "2")]
    assert [each for each in FAULTS if offenders(shop, each)] == []

    shop.do(lambda tx: tx.connection.execute(text(FAULTS[name])))

    assert offenders(shop, name)
