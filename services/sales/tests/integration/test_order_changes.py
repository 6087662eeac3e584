"""Changes of confirmed orders: priced, checked in order, applied as a whole, or without a trace."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from libs.common.saga import find
from services.sales.domain.order import Order
from services.sales.reports.change_proof import changed_orders_that_disagree
from services.sales.store.tables import sales_order
from services.sales.tests.answering import Others
from services.sales.tests.approving import decide, define, flow
from services.sales.tests.builders import CHAI, RELIC, ROPE, Desk, chai_line, qty, usd
from services.sales.tests.changing import (
    ORDERS,
    Elsewhere,
    confirmed,
    line,
    money,
    propose,
    proposed,
    shown,
)
from services.sales.use_cases.record_progress import record_invoice, record_not_invoiced, record_payment

RAISE = {"lines": [line(1, quantity="15")]}
ALL = ("reserved", "granted", "amended", "billed")


@pytest.fixture
def order(desk: Desk) -> Order:
    return confirmed(desk)


def commands(desk: Desk) -> list[str]:
    """Return what was ordered of others since the order was confirmed, by what it is about."""
    return [message.type.removesuffix(".v1") for message in desk.messages(kind="command")][2:]


def as_it_was(desk: Desk, order: Order) -> None:
    """Fail when anything of what was agreed differs."""
    now = desk.look(order)
    assert (now.lines, now.total, now.promised_on, now.state) == (
        order.lines, order.total, order.promised_on, order.state,
    )  # fmt: skip


def disagreeing(desk: Desk) -> list[str]:
    return list(desk.database.read(lambda connection: list(changed_orders_that_disagree(connection))))


def test_a_raise_takes_stock_then_credit_then_the_order_is_rewritten_at_once(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE)
    assert (made["state"], made["number"], made["difference"]) == (
        "checking",
        f"{order.number}/1",
        money("90.00"),
    )
    others = Elsewhere(desk, made)
    others.play("reserved", "granted")
    as_it_was(desk, order)
    assert commands(desk) == ["inventory.reserve_stock", "finance.hold_credit", "inventory.amend_reservation"]
    reserve, hold, amend = desk.messages(kind="command")[2:]
    assert (reserve.data["lines"][0]["quantity"], reserve.data["order_number"]) == ("5", made["number"])
    assert hold.data["amount"] == {"minor": 9000, "currency": "USD"}
    assert (amend.data["order_id"], amend.data["lines"][0]["quantity"]) == (order.id, "15")

    others.play("amended")
    now = desk.look(order)
    assert (now.total, now.lines[0].quantity, now.version) == (usd("270.00"), qty(15), order.version + 1)
    (told,) = [message for message in desk.messages() if message.type == "sales.order.amended.v1"]
    (changed,) = told.data["lines"]
    assert (changed["before"]["quantity"], changed["after"]["quantity"]) == ("10", "15")
    others.play("billed")
    assert shown(desk, made)["state"] == "applied"
    assert disagreeing(desk) == []


def test_what_only_falls_asks_nobody_but_the_warehouse(desk: Desk, order: Order):
    made = proposed(desk, order, lines=[line(1, quantity="4")], promised_on="2026-04-01")
    assert commands(desk) == ["inventory.amend_reservation"]
    Elsewhere(desk, made).play("amended", "billed")
    now = desk.look(order)
    assert (now.total, str(now.promised_on)) == (usd("72.00"), "2026-04-01")


def test_a_refusal_of_credit_gives_the_stock_back_and_changes_nothing(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE, may_wait=False)
    others = Elsewhere(desk, made)
    others.play("reserved", "refused")
    assert shown(desk, made)["state"] == "checking"
    others.play("released")
    gone = shown(desk, made)
    assert (gone["state"], gone["outcome"]) == ("rejected", "credit_refused")
    assert "shortfall 40.00 USD" in gone["detail"]
    assert "finance.release_credit" in commands(desk)
    as_it_was(desk, order)
    assert disagreeing(desk) == []


def test_what_is_short_is_waited_for_and_can_be_taken_back(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE)
    others = Elsewhere(desk, made)
    others.play("short")
    assert shown(desk, made)["figures"] == {
        "waits_for": "stock", "queue_position": "1", "missing NW-001": "4",
    }  # fmt: skip
    path = f"{ORDERS}/{order.id}/changes/1/withdraw"
    for _ in range(2):
        assert desk.nancy.post(path, json={"comment": "never mind"}).status_code == 200
    others.play("released")
    gone = shown(desk, made)
    assert (gone["state"], gone["outcome"], gone["detail"]) == ("withdrawn", "withdrawn", "never mind")
    assert desk.nancy.post(path, json={"comment": "never mind"}).json["state"] == "withdrawn"
    as_it_was(desk, order)
    assert proposed(desk, order, **RAISE)["no"] == 2


def test_what_is_not_waited_for_is_refused(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE, may_wait=False)
    assert not desk.last_command("inventory.reserve_stock.v1").data["may_wait"]
    Elsewhere(desk, made).play("out_of_stock")
    assert shown(desk, made)["outcome"] == "out_of_stock"
    as_it_was(desk, order)


def test_the_warehouse_decides_last_and_its_no_gives_everything_back(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE)
    others = Elsewhere(desk, made)
    others.play("reserved", "granted")
    late = desk.nancy.post(f"{ORDERS}/{order.id}/changes/1/withdraw", json={"comment": "never mind"})
    assert (late.status_code, late.json["code"]) == (409, "too_late_to_cancel")
    others.play("shipped_meanwhile", "credit_released", "released")
    assert shown(desk, made)["outcome"] == "shipped_meanwhile"
    as_it_was(desk, order)


def test_a_cancel_ends_what_the_warehouse_has_not_heard_of(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE)
    Elsewhere(desk, made).play("short")
    desk.cancel(order)
    assert desk.last_command("inventory.release_stock.v1").partition_key == made["id"]
    Elsewhere(desk, made).play("released")
    gone = shown(desk, made)
    assert (gone["state"], gone["outcome"]) == ("rejected", "order_cancelled")


def test_what_had_left_keeps_its_price(desk: Desk, order: Order):
    Others(desk, order).desk.hear(Others(desk, order).shipped(4, full=False))
    cheaper = line(1, unit_price=money("10.00"))
    assert propose(desk, order, lines=[cheaper]).json["code"] == "price_override_forbidden"
    made = proposed(
        desk, order, by=desk.mike, lines=[cheaper], added=[{"item_id": ROPE.id, "quantity": "2.5"}]
    )
    assert made["total_after"] == money("132.83")  # 4 x 18 + 6 x 10 + 2.5 x 0.3333
    Elsewhere(desk, made).play("reserved", "amended", "billed")  # it comes to less: no credit is asked for
    lines = desk.last_command("inventory.amend_reservation.v1").data["lines"]
    assert lines[0]["shipped"] == "4"
    now = desk.look(order)
    assert now.lines[0].kept is not None
    assert (now.lines[0].kept.net, now.lines[0].amount) == (usd("72.00"), usd("132.00"))
    assert (now.lines[1].line_no, now.lines[1].sku) == (2, ROPE.sku)
    assert disagreeing(desk) == []


def test_a_line_is_removed_and_its_number_is_not_given_again(desk: Desk):
    order = confirmed(desk, chai_line(10), chai_line(3))
    made = proposed(desk, order, lines=[line(2, remove=True)])
    Elsewhere(desk, made).play("amended", "billed")
    assert [each.line_no for each in desk.look(order).lines] == [1]
    again = proposed(desk, order, added=[{"item_id": CHAI.id, "quantity": "1"}])
    assert again["lines"][0]["line_no"] == 3
    Elsewhere(desk, again).play("reserved", "granted", "amended", "billed")
    assert disagreeing(desk) == []


REFUSED: dict[str, tuple[dict[str, Any], int, str | None, str]] = {
    "nothing": ({"lines": [line(1, quantity="10")]}, 422, "nothing_changes", "lines"),
    "unknown line": ({"lines": [line(9, quantity="1")]}, 422, "unknown_order_line", "lines.0.line_no"),
    "twice": ({"lines": [line(1, quantity="1"), line(1, quantity="2")]}, 422, "line_changed_twice", "lines.1.line_no"),
    "two things": ({"lines": [line(1, quantity="1", remove=True)]}, 422, "line_change_contradicts", "lines.0"),
    "all of it": ({"lines": [line(1, remove=True)]}, 409, "nothing_left_of_order", "lines"),
    "too fine": ({"lines": [line(1, quantity="1.5")]}, 422, "quantity_too_fine", "lines.0.quantity"),
    "no price": ({"added": [{"item_id": RELIC.id, "quantity": "1"}]}, 422, None, "added.0"),
    "unknown item": (
        {"added": [{"item_id": "01890000-0000-7000-8000-000000000000", "quantity": "1"}]},
        422,
        "unknown_item",
        "added.0.item_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_is_refused_with_its_field(desk: Desk, order: Order, why: str):
    body, status, code, field = REFUSED[why]
    answer = propose(desk, order, by=desk.nancy, **body)
    assert answer.status_code == status, answer.json
    assert code in (None, answer.json["code"])
    assert answer.json["errors"][0]["field"].startswith(field)
    as_it_was(desk, order)


def test_orders_that_are_not_on_their_way_are_not_changed(desk: Desk, order: Order):
    pending = desk.order()
    assert propose(desk, pending, **RAISE).json["code"] == "order_not_changeable"
    first = proposed(desk, order, **RAISE)
    open_one = propose(desk, order, **RAISE)
    assert (open_one.status_code, open_one.json["code"]) == (409, "order_change_open")
    Elsewhere(desk, first).play(*ALL)
    stale = desk.nancy.post(
        f"{ORDERS}/{order.id}/changes",
        json={"reason": "x"} | RAISE,
        headers={"If-Match": f'"{order.version}"'},
    )
    assert stale.status_code == 412
    assert desk.janet.get(f"{ORDERS}/{order.id}/changes").status_code == 404
    assert propose(desk, order, by=desk.janet, **RAISE).status_code == 404
    desk.cancel(order)
    assert propose(desk, order, lines=[line(1, quantity="3")]).json["code"] == "order_not_changeable"


@pytest.mark.parametrize("order_type", ["prepaid", "cash_and_carry"])
def test_types_that_are_settled_at_once_are_not_changed(desk: Desk, order_type: str):
    order = desk.order(order_type=order_type)
    desk.database.transact(lambda tx: _as_if_confirmed(tx, order))
    answer = propose(desk, order, **RAISE)
    assert (answer.status_code, answer.json["code"]) == (409, "order_type_not_changeable")


def test_an_order_that_was_paid_in_part_ahead_is_not_changed(desk: Desk):
    share = {
        "code": "share",
        "name_en": "Share",
        "name_zh": "预付",
        "process": {"down_payment_bp": 3000},
    }
    made = desk.mike.post("/api/v1/order-types", json=share)
    assert made.status_code == 201, made.json
    order = desk.order(order_type="share")
    desk.database.transact(lambda tx: _as_if_confirmed(tx, order))
    answer = propose(desk, order, **RAISE)
    assert (answer.status_code, answer.json["code"]) == (409, "order_type_not_changeable")


def test_stock_that_is_taken_back_from_a_change_holds_nothing(desk: Desk, order: Order):
    made = proposed(desk, order, **RAISE)
    taken = {"reservation_id": made["id"], "order_id": made["id"], "order_number": f"{order.number}/1"}
    said = taken | {"reason": "stock_count", "reference": "SC-000001"}
    desk.hear(desk.message("inventory.reservation.requeued.v1", made["id"], said))
    assert desk.look(order).open_holds == ()
    assert shown(desk, made)["state"] == "checking"


def _as_if_confirmed(tx: Any, order: Order) -> None:
    tx.connection.execute(update(sales_order).where(sales_order.c.id == order.id).values(state="confirmed"))


def test_a_preview_says_what_it_would_be_and_leaves_nothing(desk: Desk, order: Order):
    define(desk, cases=flow()["cases"][:1])
    path = f"{ORDERS}/{order.id}/changes/preview"
    tried = desk.mike.post(path, json={"lines": [line(1, quantity="99")]}).json
    assert (tried["total_after"], tried["approvals"]) == (money("1782.00"), ["Big or cheap"])
    assert desk.mike.get(f"{ORDERS}/{order.id}/changes").json["items"] == []


def test_what_needs_an_approval_waits_for_it_and_its_author_has_none(desk: Desk, order: Order):
    define(desk)
    made = proposed(desk, order, lines=[line(1, quantity="99")])
    assert made["state"] == "pending_approval"
    assert commands(desk) == []
    assert decide(desk.mike, made).json["code"] == "own_approval"  # he wrote the quotation
    max_ = desk.client("max", "sales_manager")
    assert decide(max_, made).status_code == 200
    assert shown(desk, made)["state"] == "checking"
    Elsewhere(desk, made).play(*ALL)
    assert desk.look(order).total == usd("1782.00")


def test_a_no_ends_the_change_and_so_does_taking_the_question_back(desk: Desk, order: Order):
    define(desk)
    made = proposed(desk, order, lines=[line(1, quantity="99")])
    max_ = desk.client("max", "sales_manager")
    assert decide(max_, made, "reject", comment="too much").status_code == 200
    assert shown(desk, made)["outcome"] == "not_approved"
    again = proposed(desk, order, lines=[line(1, quantity="99")])
    taken = desk.nancy.post(f"/api/v1/approvals/{again['approval_id']}/withdraw", json={})
    assert taken.status_code == 200, taken.json
    assert shown(desk, again)["state"] == "withdrawn"
    third = proposed(desk, order, lines=[line(1, quantity="99")])
    path = f"{ORDERS}/{order.id}/changes/{third['no']}/withdraw"
    assert desk.nancy.post(path, json={"comment": "no"}).json["state"] == "withdrawn"
    found = desk.mike.get(f"/api/v1/approvals/{third['approval_id']}").json
    assert found["state"] == "lapsed"
    as_it_was(desk, order)


def test_a_waiting_change_ends_with_its_order(desk: Desk, order: Order):
    define(desk)
    made = proposed(desk, order, lines=[line(1, quantity="99")])
    desk.cancel(order)
    assert shown(desk, made)["outcome"] == "order_cancelled"
    assert desk.mike.get(f"/api/v1/approvals/{made['approval_id']}").json["state"] == "lapsed"


def test_taking_off_what_is_left_lets_the_order_go_on(desk: Desk, order: Order):
    desk.hear(Others(desk, order).shipped(4, full=False))
    desk.hear(Others(desk, order).invoiced(4, usd("72.00"), full=False))
    made = proposed(desk, order, lines=[line(1, remove=True)])
    others = Elsewhere(desk, made)
    desk.hear(others.amended(full=True))
    desk.hear(others.billed(full=True))
    now = desk.look(order)
    assert (now.total, now.delivery_status, now.billing_status) == (usd("72.00"), "full", "invoiced")
    desk.hear(Others(desk, order).paid(usd("72.00")))
    desk.hear(Others(desk, order).completed())
    saga = desk.database.read(lambda connection: find(connection, "order_to_cash", order.id))
    assert saga is not None
    assert (desk.look(order).state, saga.state) == ("done", "done")


def test_taking_off_the_last_that_was_to_come_ends_an_order_of_which_a_part_is_never_invoiced(
    desk: Desk, order: Order
):
    desk.hear(Others(desk, order).shipped(5, full=False))
    kept_by_us = order.lines[0].id

    def settled(tx: Any) -> None:
        record_invoice(tx, order.id, [(kept_by_us, qty(4))], usd("72.00"))
        record_not_invoiced(tx, order.id, [(kept_by_us, qty(1))])
        record_payment(tx, order.id, usd("72.00"))

    desk.database.transact(settled)
    made = proposed(desk, order, lines=[line(1, quantity="5")])
    Elsewhere(desk, made).play("amended")
    now = desk.look(order)
    assert (now.billing_status, now.payment_status, now.state) == ("invoiced", "paid", "done")
