"""An order of which a part is there: it goes on or waits as its type says, and shows what it waits for."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.envelope import Message
from services.sales.domain.order import Order
from services.sales.store import backorders
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk, an_id, qty


@pytest.fixture
def desk(numbered_desk: Desk) -> Desk:
    return numbered_desk


def part(desk: Desk, order: Order, missing: int, *, whole: bool = False, asked: bool = True) -> Message:
    """Return what inventory says when it holds all of the first line but ``missing``."""
    line = order.lines[0]
    said = {
        "order_line_id": line.id,
        "item_id": line.item_id,
        "sku": line.sku,
        "requested": line.quantity,
        "reserved": line.quantity - qty(missing),
        "missing": qty(missing),
        "expected_on": "2026-03-09",
    }
    data: dict[str, Any] = {
        "reservation_id": an_id("reservation"),
        "order_id": order.id,
        "order_number": order.number,
        "queue_position": 1,
        "lines": [said],
        "ship_complete": whole,
    }
    cause = desk.last_command("inventory.reserve_stock.v1") if asked else None
    return desk.message("inventory.reservation.partially_reserved.v1", order.id, data, cause)


def waits(desk: Desk, order: Order) -> list[str]:
    found = desk.database.read(lambda connection: backorders.by_line(connection, order.id))
    return [str(each.quantity) for each in found.values()]


def shown(desk: Desk, order: Order) -> tuple[str, list[str], list[str]]:
    """Return the state of an order, its open holds and what its lines wait for."""
    now = desk.look(order)
    return now.state, [hold.code for hold in now.open_holds], waits(desk, order)


def test_r3_3_an_order_goes_on_with_a_part_and_the_rest_stays_told(desk: Desk) -> None:
    order = desk.order()
    others = Others(desk, order)
    assert desk.last_command("inventory.reserve_stock.v1").data["takes_part"] is True
    desk.hear(part(desk, order, 2))
    assert shown(desk, order) == ("pending", ["stock"], ["2"])
    others.play("granted")
    assert shown(desk, order) == ("confirmed", ["stock"], ["2"])
    desk.hear(part(desk, order, 1, asked=False))
    assert shown(desk, order) == ("confirmed", ["stock"], ["1"])
    (hold,) = desk.look(order).open_holds
    assert hold.figures == {"queue_position": "1", f"missing {order.lines[0].sku}": "1"}
    desk.hear(others.reserved(by_receipt=True))
    assert shown(desk, order) == ("confirmed", [], [])


def test_r3_3_an_order_that_leaves_in_one_piece_waits_with_its_part(desk: Desk) -> None:
    order = desk.order()
    others = Others(desk, order)
    desk.hear(part(desk, order, 2, whole=True))
    assert shown(desk, order) == ("pending", ["stock"], ["2"])
    desk.hear(others.reserved(by_receipt=True))
    others.play("granted")
    assert shown(desk, order) == ("confirmed", [], [])


def test_an_order_whose_part_is_taken_back_waits_for_all_of_it(desk: Desk) -> None:
    order = desk.order()
    others = Others(desk, order)
    desk.hear(part(desk, order, 2))
    others.play("granted")
    said = {"order_id": order.id, "order_number": order.number, "reservation_id": an_id("reservation")}
    said |= {"reason": "stock_count", "reference": "SC-000001"}
    desk.hear(desk.message("inventory.reservation.requeued.v1", order.id, said))
    everything = [str(line.quantity) for line in order.lines]
    assert shown(desk, order) == ("confirmed", ["stock"], everything)
    desk.hear(part(desk, order, 1, asked=False))
    assert shown(desk, order) == ("confirmed", ["stock"], ["1"])
    desk.hear(others.reserved(by_receipt=True))
    assert shown(desk, order) == ("confirmed", [], [])


def test_an_order_that_is_over_waits_for_nothing(desk: Desk) -> None:
    order = desk.order()
    others = Others(desk, order)
    said = part(desk, order, 2, asked=False)
    desk.hear(part(desk, order, 2))
    answer = desk.nancy.post(f"/api/v1/orders/{order.id}/cancel", json={"reason": "changed plans"})
    assert answer.status_code == 200, answer.json
    others.play("credit_released", "stock_released")
    assert shown(desk, order) == ("cancelled", [], [])
    desk.hear(said)
    assert shown(desk, order) == ("cancelled", [], [])
