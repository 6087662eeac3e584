"""Lots that must last for a customer: chosen first, shown apart, refused at the door, allowed by a word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.pick_list import PickList
from services.inventory.domain.shelf_life import ShelfLifeRule
from services.inventory.reports.availability import availability
from services.inventory.reports.shelf_lives import allowed_of, list_rules
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, q
from services.inventory.tests.integration.test_walked_for import listed, walked
from services.inventory.tests.picking import lots, part
from services.inventory.tests.serial_acts import refused
from services.inventory.use_cases.keep_customer import KeepCustomer, keep_customer
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.set_shelf_life import (
    AllowShortDated,
    SetShelfLife,
    allow_short_dated,
    set_shelf_life,
)
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


class Dairy:
    """Milk: four that last five days more, six that last thirty, and a customer who wants some days of it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.today = shop, shop.database.clock.now().date()
        self.main: Warehouse = shop.warehouse()
        self.milk: Item = shop.item("MILK", lot_tracked=True)
        self.take_in(4, "SOON", 5)
        self.take_in(6, "LATE", 30)
        self.known(HARBOR_PUMPS, "retail")

    def known(self, customer_id: str, group: str | None) -> None:
        command = KeepCustomer(customer_id, "C-1", "Harbor", None, group=group)
        self.shop.do(lambda tx: keep_customer(tx, command))

    def take_in(self, quantity: int, lot: str, days: int) -> None:
        self.shop.book(self.main, (self.milk, quantity, lot, self.day(days)))

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def rule(self, days: int, **scope: Any) -> ShelfLifeRule:
        made: ShelfLifeRule = self.shop.do(lambda tx: set_shelf_life(tx, SetShelfLife(days, **scope)))
        return made

    def ordered(self, name: str | int, quantity: int) -> Delivery:
        self.shop.reserve(name, (self.milk, quantity))
        (note,) = self.shop.confirm(name)
        return note

    def pick(self, note: Delivery, *parts: Any, after: int = 0) -> Delivery:
        command = PickDelivery(note.id, self.day(after), parts)
        picked: Delivery = self.shop.do(lambda tx: pick_delivery(tx, command))
        return picked

    def ship(self, note: Delivery, after: int = 0) -> Delivery:
        command = ShipDelivery(note.id, self.day(after))
        sent: Delivery = self.shop.do(lambda tx: ship_delivery(tx, command))
        return sent

    def allow(self, note: Delivery, lot: str = "SOON", after: int = 0) -> None:
        command = AllowShortDated(note.id, self.milk.id, lot, "They use it at once", self.day(after))
        self.shop.do(lambda tx: allow_short_dated(tx, command))


@pytest.fixture
def dairy(shop: Shop) -> Dairy:
    return Dairy(shop)


def test_r3_6_lots_that_last_long_enough_are_promised_first_and_else_the_first_to_expire(
    dairy: Dairy,
) -> None:
    assert lots(dairy.ordered("before", 1)) == [("SOON", "1")]
    dairy.rule(10, customer_id=HARBOR_PUMPS)
    assert lots(dairy.ordered(1, 2)) == [("LATE", "2")]
    dairy.rule(0, customer_id=HARBOR_PUMPS)
    assert lots(dairy.ordered(2, 1)) == [("SOON", "1")]
    dairy.shop.assert_sound()


@pytest.mark.parametrize("scope", ["customer", "group", "item", "everybody", "item_of_customer"])
def test_a_rule_is_for_a_customer_his_group_or_everybody_of_an_item_or_all(dairy: Dairy, scope: str) -> None:
    scopes: dict[str, dict[str, str]] = {
        "customer": {"customer_id": HARBOR_PUMPS},
        "group": {"customer_group": "retail"},
        "item": {"item_id": dairy.milk.id},
        "everybody": {},
        "item_of_customer": {"customer_id": HARBOR_PUMPS, "item_id": dairy.milk.id},
    }
    dairy.rule(90, customer_group="wholesale")
    dairy.rule(90, item_id=dairy.shop.item("CREAM", lot_tracked=True).id)
    dairy.rule(10, **scopes[scope])
    assert lots(dairy.ordered(1, 2)) == [("LATE", "2")]
    rules = dairy.shop.database.read(lambda connection: list_rules(connection, {}, after=None, limit=9))
    assert [each.days for each in rules] == [90, 90, 10]
    dairy.rule(40, **scopes[scope])
    rules = dairy.shop.database.read(lambda connection: list_rules(connection, {}, after=None, limit=9))
    assert [(each.days, each.version) for each in rules] == [(90, 1), (90, 1), (40, 2)]


def test_of_several_rules_the_strictest_counts(dairy: Dairy) -> None:
    dairy.rule(3, item_id=dairy.milk.id)
    assert lots(dairy.ordered(1, 1)) == [("SOON", "1")]
    dairy.rule(20, customer_group="retail")
    dairy.rule(4, customer_id=HARBOR_PUMPS)
    assert lots(dairy.ordered(2, 1)) == [("LATE", "1")]


def test_what_does_not_last_is_shown_apart_and_promised_on_no_day(dairy: Dairy) -> None:
    dairy.rule(10, customer_id=HARBOR_PUMPS)

    def seen(quantity: int, customer_id: str | None) -> tuple[Any, ...]:
        view = dairy.shop.database.read(
            lambda connection: availability(connection, dairy.milk.id, q(quantity), dairy.today, customer_id)
        )
        words = (view.free, view.short_dated, view.usable_for_customer)
        return (view.customer_days, *(each and str(each) for each in words), view.promised_on)

    assert seen(7, None) == (None, "10", None, None, dairy.today)
    assert seen(7, HARBOR_PUMPS) == (10, "10", "4", "6", None)
    assert seen(6, HARBOR_PUMPS) == (10, "10", "4", "6", dairy.today)


def test_the_door_refuses_with_figures_until_somebody_allows_it(dairy: Dairy) -> None:
    dairy.rule(10, customer_id=HARBOR_PUMPS)
    note = dairy.ordered(1, 8)
    assert lots(note) == [("LATE", "6"), ("SOON", "2")]
    no = refused("lot_too_short_dated", "lines", lambda: dairy.pick(note))
    assert (no.figures["days_left"], no.figures["days_wanted"], no.figures["lot"]) == (5, 10, "SOON")
    dairy.allow(note)
    dairy.allow(note)
    (word,) = dairy.shop.database.read(lambda connection: allowed_of(connection, note.id))
    assert (word.lot, word.reason) == ("SOON", "They use it at once")
    dairy.ship(dairy.pick(note))
    dairy.shop.assert_sound()


def test_a_picker_cannot_choose_a_lot_that_does_not_last(dairy: Dairy) -> None:
    dairy.rule(10, customer_id=HARBOR_PUMPS)
    note = dairy.ordered(1, 2)
    instead = part(line_id(1, 1), 2, "SOON", "It stands in front")
    refused("lot_too_short_dated", "lines.0.lot", lambda: dairy.pick(note, instead))
    dairy.allow(note)
    assert lots(dairy.pick(note, instead)) == [("SOON", "2")]
    dairy.shop.assert_sound()


def test_what_lasted_long_enough_as_it_was_picked_is_looked_at_again_as_it_leaves(dairy: Dairy) -> None:
    dairy.rule(3, customer_id=HARBOR_PUMPS)
    note = dairy.pick(dairy.ordered(1, 2))
    refused("lot_too_short_dated", "lines", lambda: dairy.ship(note, after=3))
    dairy.allow(note, after=3)
    dairy.ship(note, after=3)


def test_a_pick_list_is_refused_with_a_note_whose_lot_does_not_last(dairy: Dairy) -> None:
    dairy.rule(10, customer_id=HARBOR_PUMPS)
    note = dairy.ordered(1, 8)
    made = listed(dairy.shop, dairy.main, note)
    refused("lot_too_short_dated", "lines", lambda: walked(dairy.shop, made, dairy.today))
    dairy.allow(note)
    assert isinstance(walked(dairy.shop, made, dairy.today), PickList)


def test_what_is_allowed_must_lie_there_and_not_have_expired(dairy: Dairy) -> None:
    note = dairy.ordered(1, 2)
    refused("lot_not_on_note", "lot", lambda: dairy.allow(note, "NONE"))
    refused("lot_expired", "lot", lambda: dairy.allow(note, after=6))
    pump = dairy.shop.item("PUMP")
    refused("shelf_life_scope_unknown", "item_id", lambda: dairy.rule(1, item_id=pump.id))
    refused("shelf_life_scope_unknown", "customer_id", lambda: dairy.rule(1, customer_id=pump.id))
    both = {"customer_id": HARBOR_PUMPS, "customer_group": "retail"}
    refused("shelf_life_scope_ambiguous", "customer_group", lambda: dairy.rule(1, **both))
