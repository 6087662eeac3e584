"""Stock counts: blind, twice where it differs, against the books of that moment, and never below what is promised."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from libs.common.approvals.faults import NotApprover, OwnApproval, ReasonMissing
from libs.common.ids import SystemIds, derived_id
from libs.common.money import Money, Price
from services.inventory.domain.counting import (
    CountBelowPicked,
    CountedLine,
    CountIncomplete,
    CountStateRefuses,
    LineNotOnCount,
    NothingToCount,
    StockBeingCounted,
    StockCount,
    ToleranceNeedsApprover,
)
from services.inventory.domain.given_ids import GivenIdNotInOrder, GivenIdTaken
from services.inventory.domain.items import Item, Warehouse
from services.inventory.store import counts
from services.inventory.tests.builders import Shop, order_id, q
from services.inventory.tests.counting import Counting, differences
from services.inventory.tests.integration.test_races import at_once


@pytest.fixture(scope="module")
def shop(lasting_shop: Shop) -> Shop:
    """Give the one inventory of this file: each test has items of its own."""
    return lasting_shop


@pytest.fixture
def counting(shop: Shop) -> Counting:
    """Give the people who count, and nobody who has to be asked."""
    people = Counting(shop)
    people.rules(None)
    return people


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    """Give the warehouse."""
    return shop.default_warehouse()


def stocked(shop: Shop, place: Warehouse, sku: str, quantity: int, cost: str | None = "2.00") -> Item:
    item = shop.item(sku)
    shop.book(place, (item, quantity, None, None, None if cost is None else Price.of(cost, "USD")))
    return item


def notes_of(shop: Shop, order: str) -> list[str]:
    told = [
        message for message in shop.told("delivery.created") if message.data["order_id"] == order_id(order)
    ]
    return [shop.delivery(message.data["delivery_id"]).state for message in told]


def test_what_moves_between_counting_and_posting_is_no_difference(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    valve, pump = stocked(shop, main, "C-VALVE", 10), stocked(shop, main, "C-PUMP", 5)
    count = counting.open(main, valve, pump)
    shop.shipped("before", (valve, 1))
    places = {line.item_id: line.line_no for line in count.lines}
    entered = counting.enter(count, (places[valve.id], 8), (places[pump.id], 5))
    assert [line.progress for line in entered.lines] == ["counted", "recount"]
    with pytest.raises(CountIncomplete) as refusal:
        counting.close(count)
    assert refusal.value.figures["lines"] == [places[valve.id]]
    shop.shipped("after", (valve, 2))
    shop.book(main, (valve, 20))
    counting.enter(count, (places[valve.id], 26), by="ann")

    posted = counting.close(count)

    assert (posted.state, sorted(differences(posted))) == ("posted", [q(-1), q(0)])
    assert shop.stock(valve)[0] == "26"
    told = shop.told("stock_count.posted")[-1].data
    assert [line["sku"] for line in told["lines"]] == ["C-VALVE"]
    assert (posted.absolute_value, posted.net_value) == (Money.of("2.00", "USD"), Money.of("-2.00", "USD"))
    with pytest.raises(CountStateRefuses):
        counting.close(count)


def test_what_the_sheet_does_not_list_can_be_found_and_nonsense_is_refused_by_its_field(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    valve, lost = stocked(shop, main, "F-VALVE", 3), shop.item("F-LOST")
    with pytest.raises(NothingToCount):
        counting.open(main, lost)
    count = counting.open(main, valve)
    with pytest.raises(StockBeingCounted):
        counting.open(main, valve)
    with pytest.raises(LineNotOnCount) as nowhere:
        counting.enter(count, (1, 3), (7, 1))
    assert nowhere.value.field == "lines.1.line_no"

    found = CountedLine(q(2), item_id=lost.id)
    counting.enter_lines(count, CountedLine(q(3), 1), found)
    counting.enter_lines(count, found, by="ann")
    counting.close(count)

    assert shop.stock(lost) == ("2", "0")
    counting.cancel(counting.open(main, valve, lost))
    counting.cancel(counting.open(main, valve))


def test_a_difference_above_the_tolerance_needs_the_yes_of_somebody_who_did_not_count(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    with pytest.raises(ToleranceNeedsApprover):
        counting.rules("5.00")
    rules = counting.rules("4.00", "finance", "warehouse")
    assert rules.tolerance == Money.of("4.00", "USD")
    valve, unknown = stocked(shop, main, "T-VALVE", 10), stocked(shop, main, "T-UNKNOWN", 4, None)
    small = counting.open(main, valve)
    counting.twice(small, (1, 8))
    assert counting.close(small).state == "posted", "4.00 is not above 4.00"

    large = counting.open(main, valve)
    counting.twice(large, (1, 11))
    waits = counting.close(large)
    assert (waits.state, waits.absolute_value) == ("pending_approval", Money.of("6.00", "USD"))
    assert shop.told("stock_count.approval_requested")[-1].data["roles"] == ["finance", "warehouse"]
    with pytest.raises(OwnApproval):
        counting.decide(large, "approved", by="ann")
    with pytest.raises(NotApprover):
        counting.decide(large, "approved", by="mia")
    with pytest.raises(ReasonMissing):
        counting.decide(large, "rejected")
    assert counting.decide(large, "rejected", why="Look behind the shelf").state == "counting"
    counting.enter(large, (1, 11))
    counting.close(large)
    assert counting.decide(large, "approved").state == "posted"
    assert shop.stock(valve) == ("11", "0")

    worthless = counting.open(main, unknown)
    counting.twice(worthless, (1, 3))
    assert counting.close(worthless).state == "pending_approval", "nobody can say what it is worth"
    assert counting.cancel(worthless).state == "cancelled"
    counting.rules(None)


def test_orders_that_were_promised_more_than_was_found_wait_ahead_of_all_others(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    valve, pump = stocked(shop, main, "Q-VALVE", 10), stocked(shop, main, "Q-PUMP", 10)
    for name in ("first", "second", "third"):
        shop.reserve(name, (valve, 3), (pump, 1))
        shop.confirm(name)
    shop.reserve("waits", (valve, 4))
    count = counting.open(main, valve)
    counting.twice(count, (1, 5))

    counting.close(count)

    assert [shop.state(name) for name in ("first", "second", "third", "waits")] == [
        "reserved",
        "waiting",
        "waiting",
        "waiting",
    ]
    assert (shop.stock(valve), shop.stock(pump)) == (("5", "3"), ("10", "1"))
    assert (notes_of(shop, "second"), notes_of(shop, "first")) == (["cancelled"], ["ready"])
    told = [each.data for each in shop.told("reservation.requeued") if each.data["reference"] == count.number]
    assert [(each["order_number"], each["reason"]) for each in told] == [
        ("SO-third", "stock_count"),
        ("SO-second", "stock_count"),
    ]

    shop.book(main, (valve, 1))
    shop.settle()
    assert (shop.state("second"), notes_of(shop, "second")) == ("reserved", ["cancelled", "ready"])
    shop.book(main, (valve, 8))
    shop.settle()
    assert (shop.state("third"), shop.state("waits")) == ("reserved", "reserved")
    assert notes_of(shop, "third") == ["cancelled", "ready"]
    assert notes_of(shop, "waits") == [], "nobody confirmed it yet"


def test_what_was_picked_cannot_be_counted_away(shop: Shop, counting: Counting, main: Warehouse) -> None:
    valve = stocked(shop, main, "P-VALVE", 4)
    shop.reserve("picked", (valve, 3))
    (note,) = shop.confirm("picked")
    shop.ship(note, (note.lines[0].order_line_id, 1))
    count = counting.open(main, valve)
    counting.twice(count, (1, 1))

    with pytest.raises(CountBelowPicked) as refusal:
        counting.close(count)

    assert (refusal.value.figures["line_no"], str(refusal.value.figures["missing"])) == (1, "1")
    assert shop.stock(valve) == ("3", "2")
    counting.cancel(count)


def test_two_who_open_and_two_who_close_at_once_correct_once(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    valve = stocked(shop, main, "R-VALVE", 10)
    opened = at_once([partial(counting.open, main, valve)] * 4)
    (count,) = [each for each in opened if isinstance(each, StockCount)]
    assert {type(each) for each in opened} == {StockCount, StockBeingCounted}
    counting.twice(count, (1, 7))

    sell: Any = [partial(shop.reserve, f"race-{n}", (valve, 1)) for n in range(6)]
    closed = at_once([*[partial(counting.close, count)] * 3, *sell])[:3]

    assert sorted(type(each).__name__ for each in closed) == ["CountStateRefuses"] * 2 + ["StockCount"]
    assert shop.stock(valve)[0] == "7"
    shop.settle()
    assert shop.database.read(lambda connection: counts.find(connection, count.id)).state == "posted"  # type: ignore[union-attr]


def test_a_count_keeps_the_id_that_a_terminal_gave_it_and_shares_it_with_no_other(
    shop: Shop, counting: Counting, main: Warehouse
) -> None:
    items = [stocked(shop, main, f"G-VALVE-{n}", 10) for n in range(4)]
    given = SystemIds().new()

    opened = at_once([partial(counting.open, main, item, id=given) for item in items])

    (count,) = [each for each in opened if isinstance(each, StockCount)]
    assert count.id == given
    assert {type(each) for each in opened} == {StockCount, GivenIdTaken}
    assert counting.enter(count, (1, 10)).lines[0].progress == "counted"
    with pytest.raises(GivenIdNotInOrder) as refusal:
        counting.open(main, items[0], id=derived_id("no", "order"))
    assert refusal.value.field == "id"
