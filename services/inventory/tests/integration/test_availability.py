"""What can be promised when, and what reorder points ask for."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.inventory.jobs.propose_reorders import propose_reorders
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.tests.buying import Buying
from services.inventory.use_cases.propose_reorders import remove_reorder_point


@pytest.fixture
def buying(shop: Shop) -> Buying:
    return Buying(shop)


def test_what_lies_here_what_waits_and_what_comes_decide_what_is_promised(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, lead_days=30)
    shop.book(main, (valve, 10))
    shop.reserve("a", (valve, 4))
    shop.reserve("b", (valve, 9))
    soon = TODAY + timedelta(days=5)
    wanted = buying.ask(valve, main, 20)
    buying.approve(wanted.id)
    draft = buying.draft(foundry, wanted.id, expected_on=soon)
    assert buying.availability(valve).source == "lead_time"

    buying.send(draft)

    seen = buying.availability(valve, 17)
    assert [str(figure) for figure in (seen.on_hand, seen.reserved, seen.waited_for, seen.free)] == [
        "10", "4", "9", "0",
    ]  # fmt: skip
    assert [(each.number, each.expected_on, each.quantity) for each in seen.incoming] == [
        ("PO-000001", soon, q(20))
    ]
    assert (seen.promised_on, seen.source) == (soon, "incoming")
    beyond = buying.availability(valve, 18)
    assert (beyond.promised_on, beyond.source) == (TODAY + timedelta(days=30), "lead_time")


def test_what_came_in_is_promised_from_stock_and_no_longer_from_what_comes(
    shop: Shop, buying: Buying
) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    order = buying.ordered(valve, foundry, main, 10)
    buying.receive(order, (0, 4))

    seen = buying.availability(valve, 4)
    assert (seen.promised_on, seen.source) == (TODAY, "stock")
    assert [each.quantity for each in seen.incoming] == [q(6)]
    buying.close(order)
    assert buying.availability(valve, 4).incoming == ()


def test_what_nobody_brings_is_promised_for_no_day(shop: Shop, buying: Buying) -> None:
    valve = shop.item()

    seen = buying.availability(valve)

    assert (seen.promised_on, seen.source) == (None, None)


def test_a_reorder_point_asks_once_for_what_is_missing(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, multiple=q(4))
    shop.book(main, (valve, 10))

    buying.reorder(valve, main, 5, 20)
    assert buying.asked(valve) == []
    shop.book(main, (valve, -5), kind="adjustment", reference="used")
    for _ in range(3):
        buying.propose(valve, main)
    assert buying.asked(valve) == [("open", "15", "16")]
    (proposal,) = buying.requisitions(valve)
    assert (proposal.origin, proposal.supplier_id) == ("reorder_point", foundry.id)

    shop.book(main, (valve, -2), kind="adjustment", reference="used")
    buying.propose(valve, main)
    assert buying.asked(valve) == [("open", "17", "20")]
    shop.book(main, (valve, 10))
    buying.propose(valve, main)
    assert buying.asked(valve) == [("cancelled", "17", "20")]


def test_what_is_promised_to_orders_is_not_there_any_more(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    buying.reorder(valve, main, 5, 20)
    shop.reserve("a", (valve, 6))

    buying.propose(valve, main)

    assert buying.asked(valve) == [("open", "16", "16")]


def test_what_was_approved_or_ordered_is_counted_until_it_is_there(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, lead_days=5)
    buying.reorder(valve, main, 5, 20)
    (proposal,) = buying.requisitions(valve)

    buying.approve(proposal.id)
    buying.propose(valve, main)
    order = buying.draft(foundry, proposal.id)
    buying.propose(valve, main)
    buying.send(order)
    buying.propose(valve, main)
    buying.receive(order, (0, 12))
    buying.propose(valve, main)
    assert buying.asked(valve) == [("ordered", "20", "20")]

    shop.book(main, (valve, -12), kind="adjustment", reference="used")
    buying.close(order)
    buying.propose(valve, main)
    assert buying.asked(valve) == [("closed", "20", "20"), ("open", "20", "20")]


def test_what_comes_after_the_horizon_is_not_counted(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, lead_days=5)
    wanted = buying.ask(valve, main, 50)
    buying.approve(wanted.id)
    buying.send(buying.draft(foundry, wanted.id, expected_on=TODAY + timedelta(days=40)))

    buying.reorder(valve, main, 5, 20, horizon_days=40)
    assert len(buying.asked(valve)) == 1
    buying.reorder(valve, main, 5, 20, horizon_days=39)
    assert buying.asked(valve)[1:] == [("open", "20", "20")]


def test_a_shortage_and_a_reorder_point_do_not_buy_the_same_twice(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry)
    buying.reorder(valve, main, 5, 20)
    shop.reserve("a", (valve, 8))
    buying.propose(valve, main)

    assert sorted((each.origin, str(each.need)) for each in buying.requisitions(valve)) == [
        ("reorder_point", "20"),
        ("shortage", "8"),
    ]
    (by_point,) = buying.requisitions(valve, origin="reorder_point")
    buying.approve(by_point.id)
    assert buying.requisitions(valve, origin="shortage")[0].state == "cancelled"
    shop.assert_sound()


def test_a_reorder_point_that_is_removed_takes_its_proposal_along(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.reorder(valve, main, 5, 20)
    assert buying.asked(valve) == [("open", "20", "20")]

    buying.do(lambda tx: remove_reorder_point(tx, valve.id, main.id))
    buying.propose(valve, main)

    assert buying.asked(valve) == [("cancelled", "20", "20")]


def test_the_job_looks_at_every_reorder_point(shop: Shop, buying: Buying) -> None:
    main, north = shop.warehouse(), shop.warehouse("NORTH")
    valve, pump = shop.item("A-VALVE"), shop.item("PUMP")
    for item, place in ((valve, main), (valve, north), (pump, main)):
        shop.book(place, (item, 10))
        buying.reorder(item, place, 5, 20)
        shop.book(place, (item, -6), kind="adjustment", reference="used")
    assert buying.asked() == []

    for _ in range(2):
        propose_reorders(shop.database, ZoneInfo("Asia/Shanghai"))

    assert buying.asked() == [("open", "16", "16")] * 3
    assert {each.warehouse_code for each in buying.requisitions(valve)} == {"MAIN", "NORTH"}
