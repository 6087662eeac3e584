"""Goods that leave only with finance's yes: asked by rule, decided under the note's lock, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.delivery_credit import (
    CheckRule,
    DeliveryCreditRefused,
    DeliveryWaitsForCredit,
)
from services.inventory.domain.items import Item
from services.inventory.jobs.review_credit import review_credit
from services.inventory.reports.deliveries import find
from services.inventory.store import delivery_checks
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id
from services.inventory.tests.counting import Counting
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.ask_credit import keep_rule
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.hand_over import hand_over
from services.inventory.use_cases.keep_credit_answer import CreditAnswer, keep_credit_answer

ALWAYS, OFF = CheckRule(1, "always"), CheckRule(2, "never")


@pytest.fixture
def valve(shop: Shop) -> Item:
    """Give a valve of which there are a hundred."""
    made = shop.item()
    shop.book(shop.warehouse(), (made, 100))
    return made


def set_rule(shop: Shop, rule: CheckRule) -> None:
    shop.do(lambda tx: keep_rule(tx, rule))


def ordered(shop: Shop, name: str | int, valve: Item, quantity: int = 5, days_ago: int = 0) -> Delivery:
    """Reserve and confirm an order on account, and return its note."""
    shop.reserve(name, (valve, quantity))
    return confirmed(shop, name, days_ago)[0]


def confirmed(shop: Shop, name: str | int, days_ago: int = 0) -> list[Delivery]:
    since = shop.database.clock.now() - timedelta(days=days_ago)

    def confirm(tx: Any) -> list[Delivery]:
        return create_deliveries(
            tx,
            order_id(name),
            customer_id=HARBOR_PUMPS,
            promised_on=TODAY,
            confirmed_at=since,
            credit_since=since,
        )

    made: list[Delivery] = shop.do(confirm)
    return made


def answer(shop: Shop, note: Delivery, verdict: Any, question: int = 1, **more: Any) -> None:
    said = CreditAnswer(note.id, question, verdict, "stop" if verdict == "refused" else "ok", **more)
    shop.do(lambda tx: keep_credit_answer(tx, said))


def told(shop: Shop) -> list[tuple[str, Any, Any]]:
    return [
        (each.type.split(".")[2].removeprefix("credit_"), each.data["question"], each.data.get("reason"))
        for each in shop.told("delivery.credit_asked", "delivery.credit_withdrawn")
    ]


def test_without_a_rule_nobody_is_asked(shop: Shop, valve: Item) -> None:
    note = ordered(shop, 1, valve, days_ago=900)
    review_credit(shop.database)
    assert shop.ship(note).state == "shipped"
    assert told(shop) == []


def test_a_note_leaves_only_with_finances_yes_and_the_refusal_says_why(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    assert (note.credit, told(shop)) == ("asked", [("asked", 1, None)])
    with pytest.raises(DeliveryWaitsForCredit):
        shop.ship(note)
    figures = {"exposure": "300.00 USD", "stop_reason": "late"}
    answer(shop, note, "refused", reasons=("stopped",), figures=figures)
    with pytest.raises(DeliveryCreditRefused) as refused:
        shop.ship(note)
    assert refused.value.figures == figures | {
        "credit_status": "stop",
        "reasons": "stopped",
        "credit": "refused",
    }
    assert "lifted stop" in (refused.value.cure or "")
    pick(shop, note)
    answer(shop, note, "granted")
    assert shop.ship(shop.delivery(note.id)).state == "shipped"
    assert told(shop) == [("asked", 1, None), ("withdrawn", 1, "shipped")]
    shop.assert_sound()


def test_a_yes_is_taken_back_by_a_later_no_and_an_answer_to_what_left_changes_nothing(
    shop: Shop, valve: Item
) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    answer(shop, note, "granted")
    answer(shop, note, "refused")
    with pytest.raises(DeliveryCreditRefused):
        shop.ship(note)
    answer(shop, note, "granted")
    shop.ship(shop.delivery(note.id))
    answer(shop, note, "refused")
    assert (shop.delivery(note.id).state, shop.delivery(note.id).credit) == ("shipped", "granted")


def test_what_stays_behind_is_asked_about_anew(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    answer(shop, note, "granted")
    shop.ship(shop.delivery(note.id), (line_id(1, 1), 2))
    backorder = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
    assert (backorder.backorder_of, backorder.credit) == (note.id, "asked")
    with pytest.raises(DeliveryWaitsForCredit):
        shop.ship(backorder)


def test_only_what_was_confirmed_long_ago_is_asked_about_and_time_brings_it_there(
    shop: Shop, valve: Item
) -> None:
    set_rule(shop, CheckRule(1, "after_days", 10))
    young, old = ordered(shop, 1, valve, days_ago=3), ordered(shop, 2, valve, days_ago=11)
    assert (young.credit, old.credit) == ("not_needed", "asked")
    shop.ship(young, (line_id(1, 1), 1))
    rest = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
    assert rest.credit == "not_needed"
    shop.database.clock.advance(timedelta(days=8))  # type: ignore[attr-defined]
    with pytest.raises(DeliveryWaitsForCredit):
        shop.ship(rest)
    review_credit(shop.database)
    assert shop.delivery(rest.id).credit == "asked"


def test_a_rule_reaches_the_notes_that_lie_there_and_sets_them_free_when_it_ends(
    shop: Shop, valve: Item
) -> None:
    note = ordered(shop, 1, valve)
    set_rule(shop, ALWAYS)
    assert shop.delivery(note.id).credit == "asked"
    answer(shop, note, "refused")
    set_rule(shop, OFF)
    assert (shop.delivery(note.id).credit, told(shop)[-1]) == ("not_needed", ("withdrawn", 1, "not_needed"))
    set_rule(shop, CheckRule(3, "always"))
    answer(shop, note, "granted", question=1)
    assert shop.delivery(note.id).credit == "asked", "an answer to the first question is none to the second"
    answer(shop, note, "granted", question=2)
    shop.ship(shop.delivery(note.id))
    set_rule(shop, CheckRule(2, "never"))
    assert shop.database.read(delivery_checks.rule_now).version == 3, "an older policy comes too late"


def test_a_cancelled_order_and_one_whose_goods_are_not_found_take_their_questions_back(
    shop: Shop, valve: Item
) -> None:
    set_rule(shop, ALWAYS)
    ordered(shop, 1, valve)
    shop.release(1)
    assert told(shop)[-1] == ("withdrawn", 1, "cancelled")
    pick(shop, ordered(shop, 2, valve), lack(line_id(2, 1), 5))
    assert [each for each in told(shop) if each[2]] == [("withdrawn", 1, "cancelled")] * 2


def test_what_waits_at_the_counter_is_handed_over_with_the_yes(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    shop.reserve(1, (valve, 3))
    since = shop.database.clock.now()
    shop.do(lambda tx: hand_over(tx, order_id(1), customer_id=HARBOR_PUMPS, on=TODAY, credit_since=since))
    (made,) = shop.told("delivery.created")
    note = shop.delivery(made.data["delivery_id"])
    assert note.state == "ready"
    answer(shop, note, "refused")
    assert shop.delivery(note.id).state == "ready"
    answer(shop, note, "granted")
    assert (shop.delivery(note.id).state, shop.stock(valve)) == ("shipped", ("97", "0"))
    shop.assert_sound()


def test_what_waits_at_the_counter_leaves_on_the_companys_day_whatever_the_clock_says(shop: Shop) -> None:
    set_rule(shop, ALWAYS)
    milk, since = shop.item("MILK", lot_tracked=True), shop.database.clock.now()
    shop.book(shop.warehouse(), (milk, 3, "LAST-DAY", TODAY))
    shop.reserve(1, (milk, 3))
    shop.do(lambda tx: hand_over(tx, order_id(1), customer_id=HARBOR_PUMPS, on=TODAY, credit_since=since))
    note = shop.delivery(shop.told("delivery.created")[0].data["delivery_id"])
    shop.database.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    # The company's zone is behind: there it is evening still.
    shop.do(lambda tx: keep_credit_answer(tx, CreditAnswer(note.id, 1, "granted", "ok"), TODAY))
    gone = shop.delivery(note.id)
    assert (gone.state, gone.shipped_on) == ("shipped", TODAY)


def test_what_waits_past_its_deadline_is_the_sales_managers(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    shop.database.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    review_credit(shop.database)
    asked = shop.database.read(lambda connection: delivery_checks.question_of(connection, note.id))
    assert asked is not None
    assert (asked.owner, asked.escalations) == ("sales_manager", 1)
    assert asked.deadline > shop.database.clock.now()
    shown = shop.database.read(lambda connection: find(connection, note.id))
    assert shown is not None
    assert (shown.credit, shown.credit_check and shown.credit_check.owner) == ("asked", "sales_manager")


def test_an_order_whose_stock_was_counted_away_is_confirmed_and_delivered_when_the_stock_is_back(
    shop: Shop, valve: Item
) -> None:
    counting = Counting(shop)
    counting.rules(None)
    shop.reserve(1, (valve, 100))
    count = counting.open(shop.default_warehouse(), valve)
    counting.twice(count, (1, 98))
    counting.close(count)
    assert confirmed(shop, 1) == []
    assert confirmed(shop, 1) == [], "and again"
    shop.book(shop.default_warehouse(), (valve, 2))
    shop.settle()
    (made,) = shop.told("delivery.created")
    note = shop.delivery(made.data["delivery_id"])
    assert (note.state, note.confirmed_at is not None, note.customer_id) == ("ready", True, HARBOR_PUMPS)
    assert confirmed(shop, 1) == []
    shop.assert_sound()


def test_an_order_that_is_served_again_before_it_is_confirmed_gets_its_note_by_that(
    shop: Shop, valve: Item
) -> None:
    counting = Counting(shop)
    counting.rules(None)
    shop.reserve(1, (valve, 100))
    count = counting.open(shop.default_warehouse(), valve)
    counting.twice(count, (1, 98))
    counting.close(count)
    shop.book(shop.default_warehouse(), (valve, 2))
    shop.settle()
    assert shop.told("delivery.created") == []
    assert len(confirmed(shop, 1)) == 1
    shop.assert_sound()
