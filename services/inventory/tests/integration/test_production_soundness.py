"""The checks of what is made, on which other tests rely, do see what is wrong, and the tables refuse what cannot be."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.inventory.tests.builders import Shop
from services.inventory.tests.making import Making
from services.inventory.tests.soundness import violations

REPORTED_AGAIN = (
    "INSERT INTO production_report SELECT (SELECT id FROM item WHERE sku = 'PUMP'), production_order_id, "
    "finished_milli, scrapped_milli, lot, reason, reported_on, actor, recorded_at FROM production_report"
)
FAULTS = (
    (
        "UPDATE component_allocation SET held_milli = held_milli + 1000 WHERE held_milli > 0",
        {"stock_not_sum_of_allocations", "components_not_held_or_queued"},
    ),
    (
        "DELETE FROM component_want",
        {"components_not_held_or_queued", "shortages_bought_twice"},
    ),
    (
        "UPDATE production_component SET consumed_milli = consumed_milli + 1 WHERE used_milli > 0",
        {"components_not_as_reported"},
    ),
    (
        "UPDATE production_order SET scrapped_milli = 1000 WHERE state = 'running'",
        {"made_not_in_reports"},
    ),
    (
        "UPDATE production_order SET state = 'done' WHERE state = 'running'",
        {"production_orders_in_a_wrong_state"},
    ),
    (
        REPORTED_AGAIN,
        {"made_not_in_reports", "reports_not_in_the_ledger"},
    ),
    (
        "UPDATE production_order SET need_milli = need_milli + 1 WHERE state = 'request'",
        {"shortages_bought_twice"},
    ),
)
REFUSED = {
    "UPDATE production_order SET finished_milli = most_milli + 1 WHERE state = 'running'": "production_order_made",
    "UPDATE production_order SET state = 'waiting' WHERE state = 'request'": "production_order_released",
    "UPDATE production_order SET state = 'assigned' WHERE state = 'running'": "production_order_running",
    "UPDATE production_component SET required_milli = used_milli - 1": "production_component_quantities",
    "INSERT INTO bom_component SELECT item_id, version, item_id, 9, quantity_milli, 0 FROM bom_component": (
        "bom_component_other"
    ),
    "UPDATE bom SET note = 'mine'": "append-only",
    "DELETE FROM bom_component": "append-only",
    "UPDATE production_report SET reason = 'mine'": "append-only",
    "DELETE FROM production_consumption": "append-only",
}


def test_what_cannot_be_is_found_or_refused(shop: Shop) -> None:
    making = Making(shop)
    pump, rotor, main = shop.item("PUMP"), shop.item("ROTOR"), shop.warehouse()
    making.bom(rotor, (shop.item("STEEL"), 1))
    making.bom(pump, (rotor, 1))
    making.makes(rotor)
    shop.book(main, (rotor, 4))
    making.report(making.running(pump, main, 7).id, 2)
    shop.assert_sound()

    with shop.database.engine.connect() as connection:
        for fault, found_by in FAULTS:
            connection.execute(text(fault))
            assert {name for name, ids in violations(connection).items() if ids} == found_by, fault
            connection.rollback()
        for fault, refusal in REFUSED.items():
            with pytest.raises(DBAPIError, match=refusal):
                connection.execute(text(fault))
            connection.rollback()
