"""What a count takes back from an order meets what pickers did not find, production, and a rule of the queue."""

from __future__ import annotations

import pytest

from services.inventory.domain.counting import CountBelowPicked
from services.inventory.domain.stock import WantedLine
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, order_id, q
from services.inventory.tests.counting import Counting
from services.inventory.tests.integration.test_queue_rule import customers, reserve, rule
from services.inventory.tests.making import Making
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock


@pytest.fixture
def counting(shop: Shop) -> Counting:
    """Give the people who count, and nobody who has to be asked."""
    people = Counting(shop)
    people.rules(None)
    return people


def test_what_was_not_found_before_is_part_of_what_a_requeued_order_waits_for(
    shop: Shop, counting: Counting
) -> None:
    valve, pump = shop.item(), shop.item("PUMP")
    main, north = shop.warehouse("MAIN"), shop.warehouse("NORTH")
    shop.book(main, (valve, 2))
    shop.book(north, (pump, 5))
    shop.reserve(1, (valve, 2), (pump, 2))
    notes = {note.lines[0].key.item_id: note for note in shop.confirm(1)}
    pick(shop, notes[valve.id], lack(line_id(1, 1), 2))
    count = counting.open(north, pump)
    counting.twice(count, (1, 1))

    counting.close(count)

    assert shop.state(1) == "waiting"
    shop.assert_sound()
    shop.book(main, (valve, 2))
    shop.settle()
    assert (shop.state(1), shop.stock(valve)) == ("waiting", ("2", "0")), "it is filled whole or not at all"
    shop.book(north, (pump, 1))
    shop.settle()
    assert (shop.state(1), shop.stock(valve), shop.stock(pump)) == ("reserved", ("2", "2"), ("2", "2"))
    shop.assert_sound()


def test_how_long_a_requeued_order_took_to_its_note_is_measured_once(shop: Shop, counting: Counting) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 2))
    lines = (WantedLine(line_id(1, 1), valve.id, q(2)),)
    placed_at = shop.database.clock.now()
    asked = ReserveStock(order_id(1), "SO-1", HARBOR_PUMPS, order_id(1), lines, ordered_at=placed_at)
    shop.do(lambda tx: reserve_stock(tx, asked))
    shop.confirm(1)
    count = counting.open(main, valve)
    counting.twice(count, (1, 0))
    counting.close(count)
    shop.book(main, (valve, 2))
    shop.settle()

    notes = [shop.delivery(told.data["delivery_id"]) for told in shop.told("delivery.created")]
    assert [(note.state, note.took_ms is None, note.backorder_of) for note in notes] == [
        ("cancelled", False, None),
        ("ready", True, None),
    ]


def test_a_requeued_order_goes_ahead_of_production_that_waits(shop: Shop, counting: Counting) -> None:
    making, pump, housing, main = Making(shop), shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    making.bom(pump, (housing, 1))
    shop.book(main, (housing, 2))
    shop.reserve(1, (housing, 2))
    made = making.release(making.wish(pump, main, 2).id)
    count = counting.open(main, housing)
    counting.twice(count, (1, 0))
    counting.close(count)

    shop.book(main, (housing, 2))
    shop.settle()

    assert (shop.state(1), making.now(made.id).state) == ("reserved", "waiting")
    shop.assert_sound()


def test_what_production_holds_cannot_be_counted_away_and_the_refusal_says_so(
    shop: Shop, counting: Counting
) -> None:
    making, pump, housing, main = Making(shop), shop.item("PUMP"), shop.item("HOUSING"), shop.warehouse()
    making.bom(pump, (housing, 1))
    shop.book(main, (housing, 2))
    made = making.release(making.wish(pump, main, 2).id)
    count = counting.open(main, housing)
    counting.twice(count, (1, 0))

    with pytest.raises(CountBelowPicked) as refusal:
        counting.close(count)
    assert "production" in str(refusal.value)
    assert "production orders" in (refusal.value.cure or "")
    making.drop(made.id)
    assert counting.close(count).state == "posted"
    shop.assert_sound()


def test_a_requeued_order_stays_ahead_whatever_the_rule_and_takes_nobody_elses_place(
    shop: Shop, counting: Counting
) -> None:
    valve, main = shop.item(), shop.warehouse()
    customers(shop)
    shop.book(main, (valve, 2))
    reserve(shop, "held", valve, 2, "retail")
    rule(shop, "key")
    for name, group in (("first", "retail"), ("second", "key")):
        reserve(shop, name, valve, 1, group)
    count = counting.open(main, valve)
    counting.twice(count, (1, 1))
    counting.close(count)

    rule(shop)
    rule(shop, "key")
    shop.book(main, (valve, 1))
    shop.settle()

    assert (shop.state("held"), shop.state("second")) == ("reserved", "waiting")
    shop.assert_sound()
