"""An order shows its goods on their way, to the customer's door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from libs.common.quantity import Quantity
from services.sales.domain.arrival import Travelled, delivery_progress
from services.sales.domain.order import Order
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk, an_id, chai_line, qty

URL = "/api/v1/orders"


def arrived(desk: Desk, order: Order, name: str, *parts: tuple[int, int, int]) -> Any:
    """Return the word of inventory that parts (line from 0, quantity, refused) came to the door."""
    lines = [
        {
            "order_line_id": order.lines[line].id,
            "item_id": order.lines[line].item_id,
            "sku": order.lines[line].sku,
            "quantity": qty(quantity),
            "refused": qty(refused),
        }
        for line, quantity, refused in parts
    ]
    data = {
        "delivery_id": an_id(name),
        "number": name,
        "order_id": order.id,
        "shipped_on": date(2026, 3, 3),
        "delivered_on": date(2026, 3, 4),
        "signed_by": "Li Wei",
        "lines": lines,
        "on_time": True,
        "return_number": "RMA-000001",
    }
    return desk.message("inventory.delivery.delivered.v1", order.id, data)


def test_an_order_shows_what_was_signed_for_what_was_refused_and_when_it_was_late(desk: Desk) -> None:
    order = desk.order(chai_line(10), chai_line(5))
    others = Others(desk, order)
    others.play("reserved", "granted")
    delay = {
        "order_id": order.id,
        "promised_on": date(2026, 3, 2),
        "noticed_on": date(2026, 3, 3),
        "waits_for": "picking",
    }
    desk.hear(desk.message("inventory.delivery.delayed.v1", order.id, delay))
    desk.hear(others.shipped(4, full=False))
    shown = desk.nancy.get(f"{URL}/{order.id}/delivery-progress").json
    assert shown["progress"] == "partly_shipped"
    assert shown["delays"] == [
        {"promised_on": "2026-03-02", "noticed_on": "2026-03-03", "waits_for": "picking"}
    ]

    # Two lots of the first line, of which one piece is refused.
    desk.hear(arrived(desk, order, "DN-1", (0, 3, 1), (0, 1, 0), (1, 4, 0)))

    shown = desk.nancy.get(f"{URL}/{order.id}/delivery-progress").json
    assert shown["progress"] == "partly_delivered"
    assert [(line["shipped"], line["delivered"], line["refused"]) for line in shown["lines"]] == [
        ("4", "4", "1"),
        ("4", "4", "0"),
    ]
    (arrival,) = shown["arrivals"]
    assert (arrival["number"], arrival["signed_by"], arrival["return_number"]) == (
        "DN-1",
        "Li Wei",
        "RMA-000001",
    )
    assert desk.janet.get(f"{URL}/{order.id}/delivery-progress").status_code == 404


@pytest.mark.parametrize(
    ("lines", "state", "progress"),
    [
        ([(5, 0, 0)], "pending", "none"),
        ([(5, 0, 0)], "confirmed", "waiting"),
        ([(5, 5, 0), (2, 0, 0)], "processing", "partly_shipped"),
        ([(5, 5, 0), (0, 0, 0)], "processing", "shipped"),
        ([(5, 5, 5), (2, 2, 0)], "processing", "partly_delivered"),
        ([(5, 5, 5), (0, 0, 0)], "done", "delivered"),
        ([(5, 0, 0)], "cancelled", "cancelled"),
    ],
)
def test_progress_is_of_what_was_not_given_up(
    lines: list[tuple[int, int, int]], state: str, progress: str
) -> None:
    travelled = [Travelled(*(Quantity.of(number) for number in line)) for line in lines]
    assert delivery_progress(travelled, state) == progress
