"""Orders of another system, brought in as they were agreed, and moved on by what the others bring in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from libs.common.errors import EntriesRefused
from services.sales.domain.errors import OrderRecorded
from services.sales.domain.history import PastLine, PastOrder
from services.sales.domain.order import Order
from services.sales.reports.natural_keys import order_lines, order_numbers
from services.sales.tests.answering import Others
from services.sales.tests.builders import CHAI, HARBOR, RELIC, ROPE, TERMS, UNKNOWN, Desk, price, qty, usd
from services.sales.use_cases.bring_in_orders import bring_in_orders

LINES = (
    PastLine(1, CHAI.id, qty(12), price("14.00")),
    PastLine(2, ROPE.id, qty("3.5"), price("0.3333"), 1000),
)
PAST = PastOrder("2025-0001", HARBOR.id, "USD", date(2025, 11, 3), LINES, date(2025, 11, 20))


def bring_in(desk: Desk, *past: PastOrder) -> list[Order]:
    return desk.database.transact(lambda tx: bring_in_orders(tx, past, TERMS, by="import"))


def refused(desk: Desk, *past: PastOrder) -> list[tuple[int, str, str | None]]:
    """Return place, code and field of everything that was refused."""
    with pytest.raises(EntriesRefused) as caught:
        bring_in(desk, *past)
    return [(place, fault.code, fault.field) for place, fault in caught.value.refusals]


def recorded_as(others: Others, message: str = "shipped", **more: object) -> object:
    shipped = getattr(others, message)(**more)
    return replace(shipped, type="inventory.delivery.recorded.v1")


def test_an_order_is_written_down_as_it_was_and_told_of(desk: Desk) -> None:
    (order,) = bring_in(desk, PAST)
    kept = desk.look(order)
    assert (kept.number, kept.state, kept.quotation_id, kept.total) == (
        "2025-0001",
        "processing",
        None,
        usd("169.05"),
    )
    assert (kept.ordered_on, kept.conversation_id, kept.lines_rounded) == (date(2025, 11, 3), order.id, 1)
    assert [(line.line_no, line.sku, str(line.amount.decimal)) for line in kept.lines] == [
        (1, "NW-001", "168.00"),
        (2, "NW-002", "1.05"),
    ]
    assert desk.said() == ["sales.order.recorded.v1"]
    assert desk.database.read(lambda c: order_numbers(c, ["none", "2025-0001"])) == {"2025-0001"}
    assert desk.database.read(lambda c: order_lines(c, ["none"])) == set()
    assert desk.database.read(lambda c: order_lines(c, ["2025-0001"])) == {("2025-0001", 1), ("2025-0001", 2)}


def test_what_the_others_bring_in_completes_it_without_a_saga(desk: Desk) -> None:
    (order,) = bring_in(desk, PAST)
    others = Others(desk, order)
    desk.hear(recorded_as(others))
    assert desk.look(order).delivery_status == "full"
    others.play("invoiced", "paid")
    done = desk.look(order)
    assert (done.state, done.billing_status, done.payment_status) == ("done", "invoiced", "paid")
    others.play("completed")
    assert desk.said() == ["sales.order.recorded.v1", "sales.order.completed.v1"]


def test_a_part_leaves_it_open(desk: Desk) -> None:
    (order,) = bring_in(desk, PAST)
    desk.hear(recorded_as(Others(desk, order), quantity=1, full=False))
    assert (desk.look(order).state, desk.look(order).delivery_status) == ("processing", "partial")


def test_it_cannot_be_cancelled_here(desk: Desk) -> None:
    (order,) = bring_in(desk, PAST)
    with pytest.raises(OrderRecorded):
        desk.cancel(order)
    answer = desk.mike.post(f"/api/v1/orders/{order.id}/cancel", json={"reason": "wrong"})
    assert (answer.status_code, answer.json["code"]) == (409, "order_recorded")


def test_it_is_shown_like_every_order(desk: Desk) -> None:
    (order,) = bring_in(desk, PAST)
    shown = desk.nancy.get(f"/api/v1/orders/{order.id}").json
    assert (shown["number"], shown["quotation_id"], shown["state"]) == ("2025-0001", None, "processing")


def test_an_item_that_is_no_longer_sold_was_sold_once(desk: Desk) -> None:
    bring_in(desk, replace(PAST, lines=(PastLine(1, RELIC.id, qty(1), price("5.00")),)))


def _with(line: PastLine) -> Sequence[PastOrder]:
    return (PAST, replace(PAST, number="2025-0002", lines=(LINES[0], line)))


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (replace(LINES[0], item_id=UNKNOWN), "unknown_item", "item_id"),
        (replace(LINES[0], quantity=qty("1.5")), "quantity_too_fine", "quantity"),
        (replace(LINES[0], quantity=qty(0)), "quantity_not_positive", "quantity"),
        (replace(LINES[0], unit_price=price("1.00", "JPY")), "currency_differs", "unit_price"),
        (replace(LINES[0], discount_bp=10_001), "discount_out_of_range", "discount_percent"),
    ],
)
def test_a_bad_line_refuses_all_and_is_named(desk: Desk, line: PastLine, code: str, field: str) -> None:
    assert refused(desk, *_with(line)) == [(1, code, f"lines.1.{field}")]
    assert desk.database.read(lambda c: order_numbers(c, ["2025-0001", "2025-0002"])) == set()
    assert desk.said() == []


def test_every_bad_order_is_named_at_once(desk: Desk) -> None:
    assert refused(
        desk,
        PAST,
        replace(PAST, number="2", customer_id=UNKNOWN),
        replace(PAST, number="3", currency="JPY", lines=(replace(LINES[0], unit_price=price("1", "JPY")),)),
        replace(PAST, number="SO-000001"),
        replace(PAST, number="5", lines=()),
        replace(PAST, number="6", ordered_on=date(2999, 1, 1)),
        PAST,
    ) == [
        (1, "unknown_customer", "customer_id"),
        (2, "currency_differs", "currency"),
        (3, "number_of_series", "number"),
        (4, "order_without_lines", "number"),
        (5, "date_in_future", "ordered_on"),
        (6, "order_number_taken", "number"),
    ]


def test_a_number_stands_once(desk: Desk) -> None:
    bring_in(desk, PAST)
    assert refused(desk, PAST) == [(0, "order_number_taken", "number")]


def test_more_orders_than_one_statement_holds(desk: Desk) -> None:
    past = [replace(PAST, number=f"P-{number}") for number in range(1001)]
    assert len(bring_in(desk, *past)) == 1001
    numbers = [order.number for order in past]
    assert len(desk.database.read(lambda c: order_lines(c, numbers))) == 2002
