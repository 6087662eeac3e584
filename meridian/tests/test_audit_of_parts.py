"""The audit of orders that have got a part finds what is wrong with them, and nothing where all is well."""

from __future__ import annotations

import pytest

from libs.common.testing.plugin import MakeDatabase
from meridian.tests.test_audit_bites import offenders, unguarded
from services.inventory.tests.builders import MIGRATIONS, Shop

FAULTS = {
    "I01_a_part_and_its_rest_are_all": "UPDATE waiting SET quantity_milli = quantity_milli + 1000",
    "I01_what_leaves_whole_has_no_note_before": "UPDATE reservation SET ship_complete = (1 = 1)",
    "I13_a_waiting_order_has_one_place": "UPDATE waiting SET queue_no = 99",
    "I01_nothing_expired_is_promised": "UPDATE stock SET expired = (1 = 1)",
}


@pytest.mark.parametrize("check", FAULTS)
def test_what_is_wrong_with_a_part_is_found(make_database: MakeDatabase, check: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 3))
    assert shop.reserve(1, (valve, 5), takes_part=True).state == "partial"
    assert len(shop.confirm(1)) == 1
    assert offenders(shop.database, "inventory", check) == 0
    unguarded(shop.database, FAULTS[check])
    assert offenders(shop.database, "inventory", check) == 1


def test_only_one_that_takes_a_part_may_hold_one(make_database: MakeDatabase) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 3))
    shop.reserve(1, (valve, 5), takes_part=True)
    unguarded(shop.database, "UPDATE reservation SET takes_part = (1 = 0)")
    assert offenders(shop.database, "inventory", "I01_a_part_and_its_rest_are_all") == 1
