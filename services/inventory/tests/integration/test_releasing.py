"""Giving up a claim: once, whatever happens twice or at the same time."""

from __future__ import annotations

from services.inventory.tests.builders import Shop, line_id, order_id


def test_a_cancelled_order_gives_everything_back_and_its_note_is_cancelled(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    (delivery,) = shop.confirm(1)

    shop.release(1, "customer changed his mind")

    assert shop.stock(valve) == ("10", "0")
    assert shop.delivery(delivery.id).state == "cancelled"
    assert [told.data for told in shop.told("delivery.cancelled")] == [
        {"delivery_id": delivery.id, "order_id": order_id(1), "reason": "customer changed his mind"}
    ]
    shop.assert_sound()


def test_cancelling_twice_has_one_effect_and_two_answers(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))

    shop.release(1)
    shop.release(1)

    assert [told.data["had_effect"] for told in shop.told("reservation.released")] == [True, False]
    assert shop.stock(valve) == ("10", "0")
    shop.assert_sound()


def test_an_order_that_left_in_part_gives_back_only_the_rest(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    (delivery,) = shop.confirm(1)
    shop.ship(delivery, (line_id(1, 1), 3))

    shop.release(1)

    assert shop.stock(valve) == ("7", "0")
    assert len(shop.told("delivery.cancelled")) == 1
    assert shop.delivery(delivery.id).state == "shipped"
    shop.assert_sound()


def test_an_order_that_left_completely_has_nothing_to_give_back(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    (delivery,) = shop.confirm(1)
    shop.ship(delivery)

    shop.release(1)

    assert shop.state(1) == "consumed"
    assert [told.data["had_effect"] for told in shop.told("reservation.released")] == [False]
    shop.assert_sound()


def test_a_confirmation_after_the_release_makes_no_note(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    shop.release(1)

    assert shop.confirm(1) == []
