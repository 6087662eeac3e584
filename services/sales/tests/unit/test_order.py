"""The life of an order: confirmed, shipped, invoiced, paid, or cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from services.sales.domain import holds, progress
from services.sales.domain import order as rules
from services.sales.domain.order import Order, OrderLine
from services.sales.domain.terms import Terms
from services.sales.tests.builders import CHAI, HARBOR, TERMS, an_id, price, qty, usd

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
A, B = an_id("line a"), an_id("line b")


def a_line(line_id: str, line_no: int, quantity: int = 10) -> OrderLine:
    return OrderLine(
        id=line_id,
        line_no=line_no,
        item_id=CHAI.id,
        sku="NW-001",
        name="Chai",
        uom="piece",
        quantity=qty(quantity),
        unit_price=price("1.00"),
        discount_bp=0,
        amount=usd(f"{quantity}.00"),
        promotion=usd("0.00"),
        shipped=qty(0),
        invoiced=qty(0),
        given_up=qty(0),
    )


def an_order(**changes) -> Order:
    plain = Order(
        id=an_id("order"),
        number="SO-000001",
        quotation_id=an_id("quotation"),
        customer_id=HARBOR.id,
        currency="USD",
        conversation_id=an_id("quotation"),
        ordered_on=date(2026, 3, 2),
        total=usd("20.00"),
        rounding_e11=0,
        lines_rounded=0,
        invoiced=usd("0.00"),
        paid=usd("0.00"),
        created_by="mike",
        lines=(a_line(A, 1), a_line(B, 2)),
    )
    return replace(plain, **changes)


def statuses(order: Order) -> tuple[str, str, str, str]:
    return order.state, order.delivery_status, order.billing_status, order.payment_status


def confirmed() -> Order:
    return rules.confirm(an_order())


def test_a_confirmed_order_waits_for_its_delivery():
    assert statuses(confirmed()) == ("confirmed", "waiting", "none", "not_paid")


@pytest.mark.parametrize("state", ["confirmed", "processing", "done", "cancelled"])
def test_only_a_pending_order_is_confirmed(state):
    with pytest.raises(MeridianError):
        rules.confirm(an_order(state=state))


def test_a_partial_shipment_is_processing_and_to_be_invoiced():
    assert statuses(progress.ship(confirmed(), {A: qty(4)})) == (
        "processing",
        "partial",
        "to_invoice",
        "not_paid",
    )


def test_the_whole_way_to_done():
    order = progress.ship(confirmed(), {A: qty(10), B: qty(10)})
    assert statuses(order) == ("processing", "full", "to_invoice", "not_paid")
    order = progress.invoice(order, {A: qty(10)}, usd("10.00"))
    assert statuses(order) == ("processing", "full", "partial", "not_paid")
    order = progress.invoice(order, {B: qty(10)}, usd("10.00"))
    assert statuses(order) == ("processing", "full", "invoiced", "not_paid")
    order = progress.pay(order, usd("5.00"))
    assert statuses(order) == ("processing", "full", "invoiced", "partial")
    order = progress.pay(order, usd("15.00"))
    assert statuses(order) == ("done", "full", "invoiced", "paid")


def test_what_is_owed_again_opens_an_order_that_is_not_done_and_leaves_one_that_is():
    order = progress.ship(confirmed(), {A: qty(10), B: qty(10)})
    order = progress.invoice(order, {A: qty(10), B: qty(10)}, usd("20.00"))
    open_again = progress.owe_again(progress.pay(order, usd("15.00")), usd("5.00"))
    assert (open_again.paid, open_again.payment_status) == (usd("10.00"), "partial")
    done = progress.pay(order, usd("20.00"))
    later = progress.pay(progress.owe_again(done, usd("5.00")), usd("2.00"))
    assert (statuses(later)[0], later.payment_status, later.paid) == ("done", "paid", usd("17.00"))


def test_payment_of_what_is_invoiced_is_partial_while_more_is_to_come():
    order = progress.ship(confirmed(), {A: qty(10)})
    order = progress.pay(progress.invoice(order, {A: qty(10)}, usd("10.00")), usd("10.00"))

    assert statuses(order) == ("processing", "partial", "partial", "partial")


def test_an_invoice_of_nothing_is_paid_at_once():
    order = progress.ship(confirmed(), {A: qty(10), B: qty(10)})

    assert statuses(progress.invoice(order, {A: qty(10), B: qty(10)}, usd("0.00")))[0] == "done"


@given(st.permutations(["ship a", "ship b", "invoice a", "invoice b", "pay a", "pay b"]))
def test_the_end_is_the_same_in_whatever_order_the_facts_arrive(facts):
    acts = {
        "ship": lambda order, line: progress.ship(order, {line: qty(10)}),
        "invoice": lambda order, line: progress.invoice(order, {line: qty(10)}, usd("10.00")),
        "pay": lambda order, line: progress.pay(order, usd("10.00")),
    }
    order = confirmed()
    for fact in facts:
        act, _, line = fact.partition(" ")
        order = acts[act](order, {"a": A, "b": B}[line])

    assert statuses(order) == ("done", "full", "invoiced", "paid")


@pytest.mark.parametrize(
    "act", [progress.ship, lambda order, parts: progress.invoice(order, parts, usd("1.00"))]
)
@pytest.mark.parametrize("parts", [{A: qty(11)}, {an_id("stranger"): qty(1)}])
def test_more_than_was_ordered_is_refused(act, parts):
    with pytest.raises(MeridianError) as caught:
        act(confirmed(), parts)

    assert caught.value.code == "more_than_ordered"


@pytest.mark.parametrize("state", ["pending", "confirmed"])
def test_before_shipment_an_order_can_be_cancelled(state):
    order = an_order(state=state)
    rules.check_cancellable(order)

    wanted = rules.request_cancel(order, "changed my mind", NOW)
    cancelled = rules.cancel(wanted, "changed my mind", None)

    assert (wanted.state, wanted.cancel_requested_at) == (state, NOW)
    assert (cancelled.state, cancelled.delivery_status, cancelled.cancel_reason) == (
        "cancelled",
        "none",
        "changed my mind",
    )


def test_once_goods_have_left_it_cannot():
    order = progress.ship(confirmed(), {A: qty(1)})

    with pytest.raises(MeridianError) as caught:
        rules.check_cancellable(order)
    assert caught.value.code == "order_shipped"
    with pytest.raises(MeridianError):
        rules.cancel(order, "late", None)


def test_a_cancel_that_came_too_late_is_forgotten():
    order = rules.resume(rules.request_cancel(confirmed(), "changed my mind", NOW))

    assert (order.cancel_requested_at, order.cancel_reason) == (None, None)


def test_an_order_closed_short_is_done_when_its_part_is_paid():
    order = rules.request_cancel(progress.ship(confirmed(), {A: qty(4)}), "changed my mind", NOW)
    assert progress.has_shipped(order)

    closed = progress.close_short(order, "changed my mind", "a part had left")
    assert [(line.given_up, line.to_ship) for line in closed.lines] == [(qty(6), qty(0)), (qty(10), qty(0))]
    assert statuses(closed) == ("processing", "partial", "to_invoice", "not_paid")
    assert (closed.cancel_requested_at, closed.cancel_reason) == (None, "changed my mind")

    paid = progress.pay(progress.invoice(closed, {A: qty(4)}, usd("4.00")), usd("4.00"))
    assert statuses(paid) == ("done", "partial", "invoiced", "paid")


def a_hold() -> holds.Hold:
    return holds.place(an_id("hold"), an_id("order"), "stock", {"missing NW-001": "4"}, NOW, 14)


def test_a_hold_says_whose_task_it_is_until_when_and_what_frees_it():
    hold = a_hold()

    assert (hold.owner, hold.deadline, hold.releases_by, hold.is_open) == (
        "warehouse",
        NOW + timedelta(days=14),
        "inventory.stock.received",
        True,
    )


def test_a_hold_is_escalated_after_its_deadline_and_not_before():
    hold = a_hold()
    late = NOW + timedelta(days=14)

    assert holds.escalate(hold, late - timedelta(seconds=1)) is None
    escalated = holds.escalate(hold, late)
    assert (escalated.owner, escalated.deadline, escalated.escalations) == (
        "sales_manager",
        late + timedelta(days=14),
        1,
    )
    assert holds.escalate(escalated, late) is None


def test_a_released_hold_says_by_what():
    released = holds.release(a_hold(), "inventory.reservation.reserved.v1", NOW)

    assert (released.is_open, released.released_by) == (False, "inventory.reservation.reserved.v1")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_days_are_the_companys(moment, day):
    assert TERMS.today(moment) == day


def test_documents_may_be_of_tomorrow_at_the_latest_and_of_any_day_past():
    terms: Terms = TERMS

    assert terms.document_date(None, NOW, "ordered_on") == date(2026, 3, 2)
    assert terms.document_date(date(1996, 7, 4), NOW, "ordered_on") == date(1996, 7, 4)
    assert terms.document_date(date(2026, 3, 3), NOW, "ordered_on") == date(2026, 3, 3)
    with pytest.raises(MeridianError) as caught:
        terms.document_date(date(2026, 3, 4), NOW, "ordered_on")
    assert (caught.value.code, caught.value.field) == ("date_in_future", "ordered_on")
