"""Finance's word meets the warehouse's hands, in every order of their statements: what is refused stays."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.errors import VersionMismatch
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.delivery_credit import CheckRule, DeliveryCreditRefused, DeliveryWaitsForCredit
from services.inventory.domain.errors import DeliveryStateRefuses
from services.inventory.domain.reallocation_errors import NotToGive
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, order_id
from services.inventory.tests.integration.test_delivery_credit import (
    ALWAYS,
    answer,
    ordered,
    set_rule,
)
from services.inventory.tests.integration.test_interleavings import Pair, play, shop
from services.inventory.tests.integration.test_reallocating import move
from services.inventory.tests.picking import pick
from services.inventory.use_cases.hand_over import hand_over

pytestmark = pytest.mark.postgres
__all__ = ["shop"]


def test_a_stop_arrives_as_the_goods_are_shipped(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))
    set_rule(shop, ALWAYS)
    made: dict[int, str] = {}

    def pair(number: int) -> Pair:
        note = ordered(shop, number, valve, 1)
        made[number] = note.id
        answer(shop, note, "granted")
        return partial(shop.ship, note), partial(answer, shop, note, "refused", reasons=("stopped",))

    def check(number: int, shipping: object, stopping: object) -> None:
        assert stopping is None, stopping
        note = shop.delivery(made[number])
        if isinstance(shipping, Delivery):
            assert (note.state, note.credit) == ("shipped", "granted")
        else:
            assert isinstance(shipping, DeliveryCreditRefused), shipping
            assert (note.state, note.credit) == ("ready", "refused")

    assert play(shop, pair, check) > 10


def test_a_payment_frees_a_note_as_somebody_tries_to_ship_it(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))
    set_rule(shop, ALWAYS)

    def pair(number: int) -> Pair:
        note = ordered(shop, number, valve, 1)
        return partial(shop.ship, note), partial(answer, shop, note, "granted")

    def check(number: int, shipping: object, freeing: object) -> None:
        assert freeing is None, freeing
        assert isinstance(shipping, Delivery | DeliveryWaitsForCredit), shipping

    assert play(shop, pair, check) > 10


def test_the_yes_for_what_waits_at_the_counter_crosses_the_cancel(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))
    set_rule(shop, ALWAYS)

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 1))
        since = shop.database.clock.now()
        shop.do(
            lambda tx: hand_over(tx, order_id(number), customer_id=HARBOR_PUMPS, on=TODAY, credit_since=since)
        )
        note = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
        return partial(answer, shop, note, "granted"), partial(shop.release, number)

    def check(number: int, granting: object, releasing: object) -> None:
        assert (granting, releasing) == (None, None)
        assert shop.state(number) in ("consumed", "released")

    assert play(shop, pair, check) > 10


def test_a_rule_is_set_as_a_note_is_made(shop: Shop) -> None:
    """Whichever is first: no note is left that needs a yes and about which nobody was asked."""
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))
    versions = iter(range(1, 1000, 2))

    def pair(number: int) -> Pair:
        version = next(versions)
        set_rule(shop, CheckRule(version, "never"))
        return partial(ordered, shop, number, valve, 1), partial(
            set_rule, shop, CheckRule(version + 1, "always")
        )

    def check(number: int, *outcomes: object) -> None:
        set_rule(shop, CheckRule(next(versions) - 1, "always"))
        asked = [each.data["order_id"] for each in shop.told("delivery.credit_asked")]
        assert asked.count(order_id(number)) == 1
        shop.release(number)

    assert play(shop, pair, check) > 5


def test_a_promise_is_moved_as_its_goods_are_picked(shop: Shop) -> None:
    """Whoever is first: what hands were on stays with its order, and nothing is promised twice."""
    main = shop.warehouse()

    def pair(number: int) -> Pair:
        valve = shop.item(f"VALVE-{number}")
        shop.book(main, (valve, 2))
        shop.reserve(f"a-{number}", (valve, 2))
        shop.reserve(f"b-{number}", (valve, 1))
        (note,) = shop.confirm(f"a-{number}")
        return partial(move, shop, f"a-{number}", f"b-{number}"), partial(pick, shop, note)

    def check(number: int, moving: object, picking: object) -> None:
        states = shop.state(f"a-{number}"), shop.state(f"b-{number}")
        if isinstance(picking, Delivery):
            assert isinstance(moving, NotToGive), moving
            assert states == ("reserved", "waiting")
        else:
            assert isinstance(picking, DeliveryStateRefuses | VersionMismatch), picking
            assert states == ("waiting", "reserved")

    assert play(shop, pair, check) > 10


def test_two_people_give_the_same_goods_to_two_orders(shop: Shop) -> None:
    main = shop.warehouse()

    def pair(number: int) -> Pair:
        valve = shop.item(f"VALVE-{number}")
        shop.book(main, (valve, 1))
        for name in "abc":
            shop.reserve(f"{name}-{number}", (valve, 1))
        return tuple(partial(move, shop, f"a-{number}", f"{name}-{number}") for name in "bc")  # type: ignore[return-value]

    def check(number: int, *_outcomes: object) -> None:
        found = sorted(str(shop.state(f"{name}-{number}")) for name in "abc")
        assert found == ["reserved", "waiting", "waiting"]

    assert play(shop, pair, check) > 10
