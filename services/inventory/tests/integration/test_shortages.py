"""What waiting orders lack is asked for by itself: as much as is lacking, once, and no more when the lack is gone."""

from __future__ import annotations

import pytest

from services.inventory.domain.supply import SupplierMissing
from services.inventory.tests.builders import Shop, q
from services.inventory.tests.buying import Buying
from services.inventory.use_cases.set_supply import SetSupplyPolicy, set_supply_policy


@pytest.fixture
def buying(shop: Shop) -> Buying:
    return Buying(shop)


def test_an_order_that_goes_short_raises_a_requisition_with_its_commit(shop: Shop, buying: Buying) -> None:
    valve, main, foundry = shop.item(), shop.warehouse(), buying.supplier()
    buying.buys(valve, foundry, multiple=None)
    shop.book(main, (valve, 3))

    shop.reserve("a", (valve, 10))

    (raised,) = buying.requisitions(valve)
    assert (raised.number, raised.state, raised.origin) == ("PR-000001", "open", "shortage")
    assert (str(raised.need), str(raised.quantity), raised.warehouse_id) == ("7", "7", main.id)
    assert (raised.supplier_id, raised.requested_by) == (foundry.id, None)
    (told,) = shop.told("requisition.raised")
    assert (told.data["requisition_id"], told.data["need"]) == (raised.id, "7")
    shop.assert_sound()


def test_an_order_that_is_filled_asks_for_nothing(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, buying.supplier())
    shop.book(main, (valve, 3))

    shop.reserve("a", (valve, 3))

    assert buying.requisitions() == []


def test_what_is_not_bought_by_policy_is_left_alone(shop: Shop, buying: Buying) -> None:
    valve = shop.item()
    shop.warehouse()

    shop.reserve("a", (valve, 3))

    assert buying.requisitions() == []


def test_a_policy_set_later_asks_for_what_is_lacking_already(shop: Shop, buying: Buying) -> None:
    valve, foundry = shop.item(), buying.supplier()
    shop.warehouse()
    shop.reserve("a", (valve, 3))

    buying.buys(valve, foundry)
    buying.buys(valve, foundry, minimum=None)

    assert buying.asked(valve) == [("open", "3", "3")]
    shop.assert_sound()


def test_the_open_requisition_grows_and_a_repetition_of_the_request_adds_nothing(
    shop: Shop, buying: Buying
) -> None:
    valve = shop.item()
    shop.warehouse()
    buying.buys(valve, buying.supplier(), multiple=q(10))

    shop.reserve("a", (valve, 7))
    shop.reserve("a", (valve, 7))
    assert buying.asked(valve) == [("open", "7", "10")]
    shop.reserve("b", (valve, 5))
    assert buying.asked(valve) == [("open", "12", "20")]
    assert [told.data["need"] for told in shop.told("requisition.changed")] == ["12"]
    shop.assert_sound()


def test_beyond_what_was_approved_the_rest_is_asked_for_separately(shop: Shop, buying: Buying) -> None:
    valve = shop.item()
    shop.warehouse()
    buying.buys(valve, buying.supplier(), multiple=q(10))
    shop.reserve("a", (valve, 7))
    buying.approve(buying.requisitions(valve)[0].id)

    shop.reserve("b", (valve, 3))
    assert buying.asked(valve) == [("approved", "7", "10")]
    shop.reserve("c", (valve, 2))
    assert buying.asked(valve) == [("approved", "7", "10"), ("open", "2", "10")]
    shop.assert_sound()


def test_a_cancelled_order_takes_its_need_back_and_the_last_one_the_requisition(
    shop: Shop, buying: Buying
) -> None:
    valve = shop.item()
    shop.warehouse()
    buying.buys(valve, buying.supplier())
    for name, quantity in (("a", 7), ("b", 5)):
        shop.reserve(name, (valve, quantity))

    shop.release("a")
    assert buying.asked(valve) == [("open", "5", "5")]
    shop.release("b")
    assert [(each.state, each.reason) for each in buying.requisitions(valve)] == [
        ("cancelled", "the need is gone")
    ]
    (told,) = shop.told("requisition.ended")
    assert (told.data["outcome"], told.data["reason"]) == ("cancelled", "the need is gone")
    shop.reserve("c", (valve, 1))
    assert buying.asked(valve)[1:] == [("open", "1", "1")]
    shop.assert_sound()


def test_a_need_that_is_gone_takes_back_what_was_approved_but_not_what_was_ordered(
    shop: Shop, buying: Buying
) -> None:
    valve, foundry = shop.item(), buying.supplier()
    shop.warehouse()
    buying.buys(valve, foundry)
    for name in "ab":
        shop.reserve(name, (valve, 5))
        (wanted,) = buying.requisitions(valve, state="open")
        buying.approve(wanted.id)
        if name == "a":
            buying.draft(foundry, wanted.id)

    shop.release("b")
    assert buying.asked(valve) == [("ordered", "5", "5"), ("cancelled", "5", "5")]
    shop.release("a")
    assert buying.asked(valve)[0] == ("ordered", "5", "5")
    shop.assert_sound()


def test_stock_that_comes_in_otherwise_reduces_the_need(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, buying.supplier())
    shop.reserve("a", (valve, 7))

    shop.book(main, (valve, 4))
    assert buying.asked(valve) == [("open", "3", "3")]
    shop.book(main, (valve, -2), kind="adjustment", reference="broken")
    assert buying.asked(valve) == [("open", "5", "5")]
    shop.book(main, (valve, 5))
    assert buying.asked(valve)[0][0] == "cancelled"
    shop.settle()
    assert shop.state("a") == "reserved"
    shop.assert_sound()


def test_a_rejected_need_comes_back_with_the_next_shortage_only(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, buying.supplier())
    shop.reserve("a", (valve, 7))

    buying.reject(buying.requisitions(valve)[0].id)
    shop.book(main, (valve, 1))
    assert buying.asked(valve) == [("rejected", "7", "7")]
    shop.reserve("b", (valve, 2))
    assert buying.asked(valve) == [("rejected", "7", "7"), ("open", "8", "8")]
    shop.assert_sound()


def test_a_receipt_does_not_bring_a_rejected_need_back_beside_an_approved_one(
    shop: Shop, buying: Buying
) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, buying.supplier())
    shop.reserve("a", (valve, 7))
    buying.approve(buying.requisitions(valve)[0].id)
    shop.reserve("b", (valve, 5))
    buying.reject(buying.requisitions(valve, state="open")[0].id)

    shop.book(main, (valve, 1))
    shop.release("b")

    assert buying.asked(valve) == [("approved", "6", "6"), ("rejected", "5", "5")]
    shop.assert_sound()


def test_what_is_approved_by_hand_is_not_asked_for_a_second_time(shop: Shop, buying: Buying) -> None:
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, buying.supplier())
    by_hand = buying.ask(valve, main, 10)
    shop.reserve("a", (valve, 7))
    assert buying.asked(valve) == [("open", "10", "10"), ("open", "7", "7")]

    buying.approve(by_hand.id)
    assert buying.asked(valve) == [("approved", "10", "10"), ("cancelled", "7", "7")]
    buying.cancel(by_hand.id)
    assert buying.asked(valve)[2:] == [("open", "7", "7")]
    shop.assert_sound()


def test_an_item_that_is_there_is_not_bought_for_an_order_that_waits_for_another(
    shop: Shop, buying: Buying
) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    foundry = buying.supplier()
    for item in (valve, pump):
        buying.buys(item, foundry)
    shop.book(main, (valve, 10))

    shop.reserve("a", (valve, 6), (pump, 2))
    assert (buying.asked(valve), buying.asked(pump)) == ([], [("open", "2", "2")])
    shop.reserve("b", (valve, 6))
    assert buying.asked(valve) == [("open", "2", "2")]
    shop.assert_sound()


def test_without_any_warehouse_there_is_no_place_to_buy_for(shop: Shop, buying: Buying) -> None:
    valve = shop.item()
    buying.buys(valve, buying.supplier())

    shop.reserve("a", (valve, 6))

    assert (shop.state("a"), buying.requisitions()) == ("waiting", [])


def test_a_policy_keeps_its_versions_and_refuses_what_cannot_be_bought(shop: Shop, buying: Buying) -> None:
    valve, foundry = shop.item(), buying.supplier()

    assert buying.buys(valve, foundry).version == 1
    assert buying.buys(valve, foundry).version == 1
    assert buying.buys(valve, foundry, lead_days=9).version == 2
    with pytest.raises(SupplierMissing):
        buying.do(lambda tx: set_supply_policy(tx, SetSupplyPolicy(valve.id, "buy")))


def test_what_is_ordered_beyond_the_need_is_not_asked_for_by_another(shop: Shop, buying: Buying) -> None:
    valve, foundry = shop.item(), buying.supplier()
    shop.warehouse()
    buying.buys(valve, foundry, minimum=q(2))
    for name, quantity in (("a", 3), ("b", 1)):
        shop.reserve(name, (valve, quantity))
        buying.approve(buying.requisitions(valve)[-1].id)
    first, second = buying.requisitions(valve)
    assert buying.asked(valve) == [("approved", "3", "3"), ("approved", "1", "2")]

    order = buying.draft(foundry, second.id)
    assert buying.asked(valve) == [("approved", "2", "2"), ("ordered", "1", "2")]
    assert [told.data["requisition_id"] for told in shop.told("requisition.changed")] == [first.id]
    shop.assert_sound()

    buying.give_up(order)
    shop.assert_sound()
