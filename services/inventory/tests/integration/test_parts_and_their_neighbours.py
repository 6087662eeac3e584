"""Parts of orders beside what else happens to stock: days, hands, lists, ranks and changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from libs.common.errors import Later
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from services.inventory.domain.items import Item
from services.inventory.tests.amending import amend, notes, wanted
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, line_id
from services.inventory.tests.integration.test_interleavings import Pair, play
from services.inventory.tests.picking import lack, lots, pick
from services.inventory.use_cases.serve_waiting import serve_waiting
from services.inventory.use_cases.set_queue_rule import SetQueueRule, set_queue_rule
from services.inventory.use_cases.set_shelf_life import SetShelfLife, set_shelf_life

SOONER = TODAY - timedelta(days=9)


@pytest.fixture
def milk(shop: Shop) -> Item:
    shop.warehouse()
    return shop.item("MILK", lot_tracked=True)


def by_promised_day(shop: Shop) -> None:
    shop.do(lambda tx: set_queue_rule(tx, SetQueueRule(by_promised_day=True)))


def test_what_expired_last_night_is_not_claimed_from_who_holds_it(shop: Shop, milk: Item) -> None:
    main, pump = shop.default_warehouse(), shop.item("PUMP")
    last_day = TODAY + timedelta(days=3)
    shop.book(main, (milk, 2, "OLD", last_day))
    shop.reserve("a", (milk, 2), (pump, 1), takes_part=True, ship_complete=True)
    by_promised_day(shop)
    shop.reserve("b", (milk, 2), takes_part=True, ship_complete=True, promised_on=SOONER, today=TODAY)
    after = last_day + timedelta(days=1)
    shop.do(lambda tx: serve_waiting(tx, milk.id, today=after))
    assert (shop.state("a"), shop.state("b")) == ("partial", "waiting")
    shop.assert_sound()


def test_of_what_a_holder_has_the_lot_that_lasts_for_who_is_ahead_is_claimed(shop: Shop, milk: Item) -> None:
    main, pump = shop.default_warehouse(), shop.item("PUMP")
    shop.book(
        main, (milk, 2, "LATE", TODAY + timedelta(days=40)), (milk, 2, "SOON", TODAY + timedelta(days=5))
    )
    shop.reserve("a", (milk, 4), (pump, 1), takes_part=True, ship_complete=True)
    by_promised_day(shop)
    shop.do(lambda tx: set_shelf_life(tx, SetShelfLife(20)))
    shop.reserve("b", (milk, 2), takes_part=True, ship_complete=True, promised_on=SOONER, today=TODAY)
    shop.do(lambda tx: serve_waiting(tx, milk.id, today=TODAY))
    assert (shop.state("a"), shop.state("b")) == ("partial", "reserved")
    assert lots(shop.confirm("b")[0]) == [("LATE", "2")]
    shop.assert_sound()


def test_what_was_not_found_is_not_what_the_rest_is_expected_from(shop: Shop) -> None:
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 3))
    shop.reserve("a", (valve, 3), (shop.item("PUMP"), 1), takes_part=True)
    (note,) = shop.confirm("a")
    pick(shop, note, lack(line_id("a", 1), 3))
    line, _ = shop.told("reservation.partially_reserved")[-1].data["lines"]
    assert (line["missing"], line["expected_on"]) == ("3", None)
    shop.settle()
    shop.assert_sound()


@pytest.fixture
def pair_of_hands(databases: TestDatabases) -> Shop:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock()))


def test_a_short_pick_and_a_new_rank_leave_an_order_one_place(pair_of_hands: Shop) -> None:
    shop = pair_of_hands
    main = shop.warehouse()
    rule = {"by": False}

    def pair(number: int) -> Pair:
        valve, pump = shop.item(f"VALVE-{number}"), shop.item(f"PUMP-{number}")
        shop.book(main, (valve, 2))
        shop.reserve(f"z{number}", (pump, 1))
        wants = partial(shop.reserve, number, (valve, 2), (pump, 1), takes_part=True)
        wants(promised_on=SOONER)
        (note,) = shop.confirm(number)
        rule["by"] = not rule["by"]
        command = SetQueueRule(by_promised_day=rule["by"])
        rank: Callable[[], object] = partial(shop.do, lambda tx: set_queue_rule(tx, command))
        return partial(pick, shop, note, lack(line_id(number, 1), 1)), rank

    def check(number: int, *outcomes: object) -> None:
        for outcome in outcomes:
            assert not isinstance(outcome, Exception) or isinstance(outcome, Later), outcome
        shop.assert_sound()
        shop.release(number)
        shop.release(f"z{number}")

    assert play(shop, pair, check) > 10


def test_a_change_says_from_the_companys_day_on_when_the_rest_can_be_had(shop: Shop, milk: Item) -> None:
    """The lot that expired last night is nothing that the rest can come from."""
    main = shop.default_warehouse()
    day = shop.database.clock.now().date()
    shop.book(main, (milk, 3, "NEW", day + timedelta(days=9)))
    shop.reserve("a", (milk, 6), takes_part=True, today=day)
    shop.confirm("a")
    shop.reserve("b", (milk, 1), takes_part=True, today=day)
    shop.book(main, (milk, 1, "OLD", day))
    assert amend(shop, "c", "a", wanted("a", 1, milk, 4), today=day + timedelta(days=1)) == "amended"
    (line,) = shop.told("reservation.partially_reserved")[-1].data["lines"]
    assert (line["missing"], line["expected_on"]) == ("1", None)
    assert notes(shop, "a") == [("ready", ["3"])]
