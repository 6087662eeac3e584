"""The checks that other tests rely on do see what is wrong."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from services.inventory.tests.builders import Shop, line_id
from services.inventory.tests.soundness import violations


@pytest.mark.parametrize(
    ("fault", "found_by"),
    [
        (
            "UPDATE stock SET on_hand_milli = on_hand_milli + 1",
            {"stock_not_sum_of_moves", "quarantine_not_what_waits", "quantity_valued_not_what_lies_there"},
        ),
        ("UPDATE stock SET reserved_milli = reserved_milli + 1", {"stock_not_sum_of_allocations"}),
        (
            "UPDATE allocation SET held_milli = held_milli + 1 WHERE held_milli > 0",
            {"stock_not_sum_of_allocations", "reservations_not_covered", "deliveries_without_stock"},
        ),
        (
            "UPDATE reservation_line SET shipped_milli = shipped_milli + 1 WHERE quantity_milli = 5000",
            {"reservations_not_covered", "shipped_not_sum_of_deliveries"},
        ),
        (
            "UPDATE delivery_line SET quantity_milli = quantity_milli + 1",
            {"shipped_not_sum_of_deliveries", "deliveries_without_stock"},
        ),
        ("DELETE FROM waiting", {"queue_not_of_waiting"}),
        ("UPDATE returned_part SET returned_milli = returned_milli - 1", {"returned_not_counted"}),
        ("UPDATE goods_return_line SET restocked_milli = received_milli", {"quarantine_not_what_waits"}),
    ],
)
def test_a_fault_is_found(shop: Shop, fault: str, found_by: set[str]) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 5))
    (delivery,) = shop.confirm(1)
    gone = shop.ship(delivery, (line_id(1, 1), 2))
    shop.take_back(shop.ask_back(gone, (line_id(1, 1), 1), approved=True), main)
    shop.reserve(2, (valve, 50))
    shop.assert_sound()

    shop.do(lambda tx: tx.connection.execute(text(fault)))

    found = shop.database.read(violations)
    assert {name for name, ids in found.items() if ids} == found_by
