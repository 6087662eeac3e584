"""Purchase orders: their states, what is outstanding, and the figures of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain import purchase as rules
from services.inventory.domain.purchase import (
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    PurchaseStateRefuses,
    more_than_awaited,
)
from services.inventory.tests.builders import TODAY, q

LATER = date(2026, 4, 1)


def a_line(name: str = "a", quantity: int = 10, received: int = 0, most: int | None = None) -> PurchaseLine:
    return PurchaseLine(
        id=name,
        item_id=f"item-{name}",
        requisition_id=f"requisition-{name}",
        quantity=q(quantity),
        most=q(most or quantity),
        unit_price=Price.of("2", "USD"),
        amount=Money.of("20", "USD"),
        expected_on=TODAY,
        received=q(received),
    )


def an_order(state: PurchaseState = "draft", *lines: PurchaseLine) -> PurchaseOrder:
    lines = lines or (a_line(),)
    return PurchaseOrder("PO", "PO-000001", "foundry", "MAIN", state, Money.of("20", "USD"), lines=lines)


def _received(order: PurchaseOrder) -> PurchaseOrder:
    rules.require_receivable(order)
    return order


ACTS: dict[str, Callable[[PurchaseOrder], PurchaseOrder]] = {
    "send": lambda order: rules.send(order, "li", TODAY),
    "confirm": lambda order: rules.confirm(order, {"a": LATER}),
    "cancel": lambda order: rules.cancel(order, "no"),
    "close": lambda order: rules.close(order, "no more"),
    "receive": _received,
}
LAWFUL = {
    ("draft", "send"): "sent",
    ("draft", "cancel"): "cancelled",
    ("sent", "confirm"): "confirmed",
    ("sent", "cancel"): "cancelled",
    ("sent", "close"): "closed",
    ("sent", "receive"): "sent",
    ("confirmed", "confirm"): "confirmed",
    ("confirmed", "cancel"): "cancelled",
    ("confirmed", "close"): "closed",
    ("confirmed", "receive"): "confirmed",
    ("partially_received", "confirm"): "partially_received",
    ("partially_received", "close"): "closed",
    ("partially_received", "receive"): "partially_received",
    ("received", "close"): "closed",
    ("received", "receive"): "received",
}
STATES = ["draft", "sent", "confirmed", "partially_received", "received", "closed", "cancelled"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_each_state_lets_happen_what_follows_from_it_and_nothing_else(state: PurchaseState, act: str) -> None:
    wanted = LAWFUL.get((state, act))
    if wanted is None:
        with pytest.raises(PurchaseStateRefuses) as refused:
            ACTS[act](an_order(state))
        assert refused.value.figures == {"state": state}
    else:
        assert ACTS[act](an_order(state)).state == wanted


def test_a_confirmation_moves_the_days_that_it_names() -> None:
    confirmed = rules.confirm(an_order("sent", a_line("a"), a_line("b")), {"b": LATER})

    assert [line.expected_on for line in confirmed.lines] == [TODAY, LATER]
    assert confirmed.expected_on == LATER


def test_an_order_is_received_when_the_last_line_is() -> None:
    order = an_order("sent", a_line("a", 10), a_line("b", 5))

    partly = rules.receive(order, {"a": q(10)})
    assert (partly.state, [line.outstanding for line in partly.lines]) == (
        "partially_received",
        [Quantity.zero(), q(5)],
    )
    assert rules.receive(partly, {"b": q(5)}).state == "received"


def test_more_than_ordered_is_outstanding_no_further() -> None:
    assert a_line(quantity=10, received=11, most=12).outstanding == Quantity.zero()


def test_the_refusal_of_too_much_shows_the_figures() -> None:
    refused = more_than_awaited(a_line(quantity=10, received=8, most=11), q(4), "lines.0.quantity")

    assert refused.field == "lines.0.quantity"
    assert refused.figures == {"ordered": q(10), "received": q(8), "most": q(11), "left": q(3)}
    over = replace(a_line(quantity=10, received=10, most=10))
    assert more_than_awaited(over, q(1), "x").figures["left"] == Quantity.zero()
