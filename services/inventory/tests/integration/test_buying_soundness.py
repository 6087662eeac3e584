"""The checks of what is bought, on which other tests rely, do see what is wrong."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.inventory.tests.builders import Shop
from services.inventory.tests.buying import Buying
from services.inventory.tests.soundness import violations

MORE_CAME = (
    "INSERT INTO purchase_receipt_line (document_id, position, purchase_order_line_id, item_id, lot, quantity_milli) "
    "SELECT document_id, 9, purchase_order_line_id, item_id, lot, 1000 FROM purchase_receipt_line"
)


def a_shop_that_buys(shop: Shop) -> None:
    buying = Buying(shop)
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    buying.rules()
    order = buying.ordered(valve, foundry, main, 10)
    buying.receive(order, (0, 4))
    shop.reserve("a", (valve, 12))
    shop.assert_sound()


@pytest.mark.parametrize(
    ("fault", "found_by"),
    [
        (
            "UPDATE purchase_order_line SET received_milli = received_milli - 1000",
            {"received_not_sum_of_receipts", "shortages_bought_twice"},
        ),
        (
            MORE_CAME,
            {"received_not_sum_of_receipts", "received_not_in_the_ledger"},
        ),
        (
            "UPDATE requisition SET need_milli = need_milli + 1 WHERE state = 'open'",
            {"shortages_bought_twice"},
        ),
        (
            "UPDATE purchase_order SET state = 'received'",
            {"purchase_orders_in_a_wrong_state"},
        ),
        (
            "UPDATE requisition SET state = 'closed' WHERE state = 'ordered'",
            {"requisitions_in_a_wrong_state"},
        ),
    ],
)
def test_a_fault_is_found(shop: Shop, fault: str, found_by: set[str]) -> None:
    a_shop_that_buys(shop)

    shop.do(lambda tx: tx.connection.execute(text(fault)))

    found = shop.database.read(violations)
    assert {name for name, ids in found.items() if ids} == found_by


@pytest.mark.parametrize(
    "table", ["supply_policy", "supplier_price", "purchase_receipt_line", "purchasing_rule"]
)
@pytest.mark.parametrize("change", ["DELETE FROM {table}", "UPDATE {table} SET set_by = 'me'"])
def test_what_was_said_and_what_came_in_stay_as_they_are(shop: Shop, table: str, change: str) -> None:
    a_shop_that_buys(shop)
    statement = change.format(table=table)
    if table == "purchase_receipt_line":
        statement = statement.replace("set_by = 'me'", "quantity_milli = 1")
    if table == "purchasing_rule":
        Buying(shop).rules("100")

    with pytest.raises(DBAPIError, match="append-only"):
        shop.do(lambda tx: tx.connection.execute(text(statement)))


def test_more_than_is_taken_in_breaks_a_constraint_below_the_rule(shop: Shop) -> None:
    a_shop_that_buys(shop)
    fault = "UPDATE purchase_order_line SET received_milli = most_milli + 1"

    with pytest.raises(DBAPIError, match="purchase_order_line_received"):
        shop.do(lambda tx: tx.connection.execute(text(fault)))


def test_a_second_open_requisition_for_a_shortage_breaks_a_constraint(shop: Shop) -> None:
    a_shop_that_buys(shop)
    twin = (
        "INSERT INTO requisition (id, number, item_id, warehouse_id, origin, state, need_milli, quantity_milli, "
        "version, created_at, updated_at) SELECT supplier_id, 'PR-X', item_id, warehouse_id, origin, state, 1, 1, 1, "
        "created_at, updated_at FROM requisition WHERE state = 'open'"
    )

    with pytest.raises(DBAPIError, match=r"requisition_one_open|UNIQUE"):
        shop.do(lambda tx: tx.connection.execute(text(twin)))
