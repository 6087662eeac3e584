"""What holds an order beside its saga: stock that was taken back, and goods that finance keeps in the house."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.saga import find
from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk, an_id


@pytest.fixture
def desk(numbered_desk: Desk) -> Desk:
    return numbered_desk


@pytest.fixture
def order(desk: Desk) -> Order:
    return desk.order()


@pytest.fixture
def others(desk: Desk, order: Order) -> Others:
    return Others(desk, order)


def say(desk: Desk, order: Order, type_: str, **data: Any) -> None:
    desk.hear(desk.message(type_, order.id, {"order_id": order.id} | data))


def requeued(desk: Desk, order: Order) -> None:
    said = {"reservation_id": an_id("r"), "order_number": order.number, "reason": "stock_count"}
    say(desk, order, "inventory.reservation.requeued.v1", **said, reference="SC-000001")


def word(desk: Desk, order: Order, verdict: str, *refused: str, number: str = "DN-1") -> None:
    said = {
        "delivery_id": an_id(number),
        "number": number,
        "order_number": order.number,
        "customer_id": order.customer_id,
        "question": 1,
        "status": "stop",
        "reasons": ["stopped"],
        "figures": {"exposure": "300.00 USD", "stop_reason": "late"},
        "refused_of_order": list(refused),
    }
    said |= {"reason": "cancelled"} if verdict == "closed" else {}
    say(desk, order, f"finance.delivery_credit.{verdict}.v1", **said)


def holds(desk: Desk, order: Order) -> list[str]:
    return [hold.code for hold in desk.look(order).open_holds]


def test_stock_that_is_taken_back_holds_the_order_until_it_is_there_again(
    desk: Desk, order: Order, others: Others
) -> None:
    others.play("reserved", "granted")
    requeued(desk, order)
    (hold,) = desk.look(order).open_holds
    assert (hold.code, hold.owner, hold.days) == ("stock", "warehouse", 14)
    assert hold.figures == {"reason": "stock_count", "reference": "SC-000001"}
    desk.hear(others.reserved(by_receipt=True))
    assert (holds(desk, order), desk.look(order).state) == ([], "confirmed")
    assert desk.said().count("sales.order.hold_released.v1") == 1
    others.play("shipped", "invoiced", "paid", "completed")
    saga = desk.database.read(lambda connection: find(connection, "order_to_cash", order.id))
    assert saga is not None
    assert (desk.look(order).state, saga.state) == ("done", "done")


def test_an_order_whose_stock_is_taken_back_before_it_is_confirmed_is_confirmed_all_the_same(
    desk: Desk, order: Order, others: Others
) -> None:
    others.play("reserved", "refused")
    requeued(desk, order)
    assert sorted(holds(desk, order)) == ["credit", "stock"]
    desk.hear(others.granted(by_payment=True))
    assert (holds(desk, order), desk.look(order).state) == (["stock"], "confirmed")
    desk.hear(others.reserved(by_receipt=True))
    assert holds(desk, order) == []


def test_goods_that_finance_keeps_back_hold_the_order_until_the_last_of_them_is_let_go(
    desk: Desk, order: Order, others: Others
) -> None:
    others.play("reserved", "granted")
    word(desk, order, "granted")
    assert holds(desk, order) == []
    word(desk, order, "refused", "DN-1")
    word(desk, order, "refused", "DN-1", "DN-2", number="DN-2")
    (hold,) = desk.look(order).open_holds
    assert (hold.code, hold.owner, hold.figures["deliveries"]) == ("delivery_credit", "finance", "DN-1, DN-2")
    assert hold.figures["stop_reason"] == "late"
    shown = desk.nancy.get("/api/v1/orders?hold=delivery_credit").json["items"]
    assert [each["number"] for each in shown] == [order.number]
    word(desk, order, "granted", "DN-2")
    assert holds(desk, order) == ["delivery_credit"]
    word(desk, order, "closed", number="DN-2")
    assert holds(desk, order) == []


def test_a_no_that_comes_after_the_cancel_holds_nothing(desk: Desk, order: Order, others: Others) -> None:
    others.play("reserved", "granted")
    word(desk, order, "refused", "DN-1")
    desk.cancel(order)
    others.play("stock_released", "credit_released", "stock_released")
    assert (desk.look(order).state, holds(desk, order)) == ("cancelled", [])
    word(desk, order, "refused", "DN-1")
    assert holds(desk, order) == []
    word(desk, order, "closed")
    assert holds(desk, order) == []
