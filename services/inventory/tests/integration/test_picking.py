"""Hands at the shelves: other lots, expired lots, and what is not there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import LotMissing, MoreThanOnDelivery
from services.inventory.domain.fulfilment_errors import (
    DiscrepancySettled,
    FoundMoreThanMissing,
    LotExpired,
    LotNotAvailable,
    LotReasonMissing,
)
from services.inventory.domain.items import Item
from services.inventory.reports.discrepancies import DiscrepancyShown, list_discrepancies
from services.inventory.store import picking
from services.inventory.tests.builders import TODAY, Shop, line_id, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.picking import lack, lots, part, pick, settle

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def a_drug(shop: Shop) -> Item:
    """Stock of 3 in L1, which expires tomorrow, and of 10 in L2, a month later."""
    drug, main = shop.item("DRUG", lot_tracked=True), shop.warehouse()
    shop.book(main, (drug, 3, "L1", TOMORROW), (drug, 10, "L2", TODAY + timedelta(days=30)))
    return drug


def ordered(shop: Shop, item: Item, quantity: int, name: str | int = 1) -> Delivery:
    shop.reserve(name, (item, quantity))
    (note,) = shop.confirm(name)
    return note


def noted(shop: Shop) -> list[DiscrepancyShown]:
    return shop.database.read(lambda connection: list_discrepancies(connection, {}, after=None, limit=9))


def last_note(shop: Shop) -> Delivery:
    return shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])


def test_another_lot_needs_a_reason_and_what_is_promised_follows_it(shop: Shop) -> None:
    drug = a_drug(shop)
    note = ordered(shop, drug, 5)
    assert lots(note) == [("L1", "3"), ("L2", "2")]

    with pytest.raises(LotReasonMissing) as refusal:
        pick(shop, note, part(line_id(1, 1), 5, "L2"))
    assert (refusal.value.field, refusal.value.figures) == ("lines.0.reason", {"proposed": ["L1"]})
    picked = pick(shop, note, part(line_id(1, 1), 5, "L2", "L1 stands behind a pallet"))

    assert lots(picked) == lots(shop.delivery(note.id)) == [("L2", "5")]
    (told,) = shop.told("delivery.picked")
    assert [(line["lot"], line["quantity"]) for line in told.data["lines"]] == [("L2", "5")]
    other = ordered(shop, drug, 8, "other")
    assert lots(other) == [("L1", "3"), ("L2", "5")]
    with pytest.raises(LotNotAvailable) as taken:
        pick(shop, other, part(line_id("other", 1), 8, "L2", "nearer"))
    assert (taken.value.field, taken.value.figures) == ("lines.0.lot", {"free": "0"})
    shop.assert_sound()
    shop.ship(picked)
    assert shop.stock(drug) == ("8", "8")
    shop.assert_sound()


def test_an_expired_lot_is_neither_picked_nor_shipped_and_is_proposed_last(shop: Shop) -> None:
    drug = a_drug(shop)
    note = ordered(shop, drug, 2)
    after = TODAY + timedelta(days=2)

    with pytest.raises(LotExpired) as refusal:
        pick(shop, note, today=after)
    assert (refusal.value.field, refusal.value.figures["lot"]) == ("lines", "L1")
    picked = pick(shop, note)
    shop.do(
        lambda tx: tx.connection.execute(text("UPDATE stock SET expires_on = '2026-03-01' WHERE lot = 'L1'"))
    )
    with pytest.raises(LotExpired):
        shop.ship(picked)

    assert lots(ordered(shop, drug, 4, "next")) == [("L2", "4")]
    shop.assert_sound()


def test_what_is_not_found_leaves_the_books_and_waits_in_front_of_everybody(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    note = ordered(shop, valve, 5)
    shop.reserve("later", (valve, 2))

    picked = pick(shop, note, lack(line_id(1, 1), 2))

    assert (picked.state, lots(picked)) == ("picked", [("", "3")])
    assert shop.stock(valve) == ("3", "3")
    (told,) = shop.told("delivery.short_picked")
    (discrepancy,) = noted(shop)
    assert told.data["lines"][0]["discrepancy_number"] == discrepancy.number == "SD-000001"
    assert (discrepancy.state, str(discrepancy.missing), discrepancy.reason) == ("open", "2", "not_found")
    shop.settle()
    shop.assert_sound()

    shop.ship(picked)
    assert shop.state(1) == "reserved"
    shop.book(main, (valve, 2))
    shop.settle()
    rest = last_note(shop)
    assert (rest.order_number, rest.state, rest.backorder_of, lots(rest)) == (
        "SO-1",
        "ready",
        note.id,
        [("", "2")],
    )
    assert shop.state("later") == "waiting"
    shop.assert_sound()
    shop.ship(rest)
    assert shop.state(1) == "consumed"
    shop.assert_sound()


def test_other_stock_serves_what_is_short_at_once_and_a_find_serves_the_next(shop: Shop) -> None:
    drug = a_drug(shop)
    note = ordered(shop, drug, 5)
    with pytest.raises(LotMissing) as refusal:
        pick(shop, note, lack(line_id(1, 1), 1))
    assert refusal.value.field == "short.0.lot"

    picked = pick(shop, note, part(line_id(1, 1), 2), lack(line_id(1, 1), 3, "L1", "damaged"))
    shop.settle()

    assert lots(picked) == [("L2", "2")]
    assert lots(last_note(shop)) == [("L2", "3")]
    (discrepancy,) = noted(shop)
    shop.reserve("next", (drug, 7))
    with pytest.raises(FoundMoreThanMissing):
        settle(shop, discrepancy.id, 4)
    settle(shop, discrepancy.id, 2)
    with pytest.raises(DiscrepancySettled):
        settle(shop, discrepancy.id, 1)
    shop.settle()
    assert shop.state("next") == "reserved"
    shop.assert_sound()


def test_a_note_of_which_nothing_was_found_is_given_up_and_a_cancel_ends_the_wait(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    note = ordered(shop, valve, 5)

    with pytest.raises(MoreThanOnDelivery) as refusal:
        pick(shop, note, part(line_id(1, 1), 4), lack(line_id(1, 1), 2))
    assert refusal.value.field == "lines.0.quantity"
    assert pick(shop, note, lack(line_id(1, 1), 5)).state == "cancelled"

    shop.release(1)
    shop.book(main, (valve, 5))
    shop.settle()
    assert (shop.state(1), shop.stock(valve)) == ("released", ("5", "0"))
    shop.assert_sound()


def test_two_who_pick_one_note_short_at_once_lose_its_goods_once(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    note = ordered(shop, valve, 5)

    answers = at_once([partial(pick, shop, note, lack(line_id(1, 1), 2))] * 6)

    assert sum(isinstance(answer, Delivery) for answer in answers) == 1
    assert shop.stock(valve) == ("3", "3")
    assert [each.number for each in noted(shop)] == ["SD-000001"]
    shop.assert_sound()


def test_a_discrepancy_is_settled_once_whoever_asks_at_the_same_time(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    pick(shop, ordered(shop, valve, 5), lack(line_id(1, 1), 2))
    (discrepancy,) = noted(shop)
    seen = shop.database.read(lambda connection: picking.find_discrepancy(connection, discrepancy.id))
    assert seen is not None

    assert shop.do(lambda tx: picking.save_settled(tx, seen))
    assert not shop.do(lambda tx: picking.save_settled(tx, seen)), "the update itself guards the row"
    assert q(0) == noted(shop)[0].found
