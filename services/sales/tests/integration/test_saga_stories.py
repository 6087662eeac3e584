"""The order-to-cash saga as told stories: each run is compared, word for word, with the text in tests/golden.

To tell a story anew after a wanted change, delete its file and run the test twice: the first run writes it and
fails.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.saga import asleep
from libs.common.testing import ManualClock
from services.sales.domain.errors import OrderShipped
from services.sales.domain.order import Order
from services.sales.jobs.escalate_holds import escalate_holds
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk, qty

GOLDEN = Path(__file__).parents[1] / "golden"
TO_CONFIRMED = ("reserved", "granted")
TO_THE_END = (*TO_CONFIRMED, "shipped", "invoiced", "paid", "completed")


def compare(desk: Desk, order: Order, name: str) -> None:
    """Compare the story with the golden text ``name``."""
    file, story = GOLDEN / f"{name}.txt", desk.story(order)
    if not file.exists():
        file.write_text(story)
        pytest.fail(f"{file.name} was written; read it and run again")
    assert story == file.read_text(), f"{file.name} tells another story"


@pytest.fixture
def desk(numbered_desk: Desk) -> Desk:
    return numbered_desk


@pytest.fixture
def order(desk: Desk) -> Order:
    return desk.order()


@pytest.fixture
def others(desk: Desk, order: Order) -> Others:
    return Others(desk, order)


def test_all_goes_well(desk, order, others):
    others.play(*TO_THE_END)

    compare(desk, order, "happy")


def test_credit_is_refused_then_a_payment_makes_room(desk, order, others, clock):
    others.play("reserved", "refused")
    held = desk.look(order)
    assert [(hold.code, hold.owner) for hold in held.open_holds] == [("credit", "finance")]

    clock.advance(timedelta(days=2))
    desk.hear(others.granted(by_payment=True))

    compare(desk, order, "refused_credit_then_payment")


def test_stock_is_short_then_a_receipt_brings_it(desk, order, others, clock):
    others.play("short")
    clock.advance(timedelta(days=3))
    desk.hear(others.reserved(by_receipt=True))
    others.play("granted")

    compare(desk, order, "shortage_then_receipt")


def test_the_figures_of_a_hold_follow_the_queue(desk, order, others):
    desk.hear(others.short(missing=4, position=3))
    desk.hear(others.short(missing=4, position=3))
    desk.hear(others.short(missing=2, position=1))

    (hold,) = desk.look(order).open_holds
    assert hold.figures == {"queue_position": "1", "missing NW-001": "2"}
    assert desk.said().count("sales.order.held.v1") == 2


def test_stock_is_rejected(desk, order, others):
    others.play("stock_rejected")
    assert desk.look(order).state == "cancelled"

    compare(desk, order, "stock_rejected")


def test_credit_is_rejected(desk, order, others):
    others.play("reserved", "credit_rejected", "stock_released")

    compare(desk, order, "credit_rejected")


def test_credit_is_refused_without_a_place_in_the_queue(desk, order, others):
    others.play("reserved")
    desk.hear(others.refused(waits=False))
    others.play("stock_released")

    compare(desk, order, "credit_refused_for_good")


CANCELS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "while_reserving": ((), ("stock_released",)),
    "while_short_of_stock": (("short",), ("stock_released",)),
    "while_holding_credit": (("reserved",), ("credit_released", "stock_released")),
    "while_short_of_credit": (("reserved", "refused"), ("credit_released", "stock_released")),
    "while_delivering": (TO_CONFIRMED, ("stock_released", "credit_released", "stock_released")),
}


@pytest.mark.parametrize("when", CANCELS)
def test_cancelled_during_each_step(desk, order, others, when):
    before, after = CANCELS[when]
    others.play(*before)

    wanted = desk.cancel(order)
    again = desk.cancel(order, "a second time")
    assert wanted.cancel_requested_at is not None
    assert (again.state, again.cancel_reason) == (wanted.state, "changed my mind")
    others.play(*after)

    assert desk.look(order).state == "cancelled"
    assert desk.cancel(order).state == "cancelled"
    compare(desk, order, f"cancelled_{when}")


@pytest.mark.parametrize(
    "played",
    [(*TO_CONFIRMED, "shipped"), (*TO_CONFIRMED, "shipped", "invoiced"), TO_THE_END],
)
def test_not_cancelled_once_goods_have_left(desk, order, others, played):
    others.play(*played)
    before = desk.story(order)

    with pytest.raises(OrderShipped):
        desk.cancel(order)

    assert desk.story(order) == before


def test_not_cancelled_once_a_part_has_left(desk, order, others):
    others.play(*TO_CONFIRMED)
    desk.hear(others.shipped(4, full=False))
    before = desk.story(order)

    with pytest.raises(OrderShipped):
        desk.cancel(order)

    assert desk.story(order) == before
    assert before.count("inventory.release_stock.v1") == 0


def test_the_goods_are_faster_than_the_cancel(desk, order, others):
    others.play(*TO_CONFIRMED)
    desk.cancel(order)
    desk.hear(others.shipped())
    desk.hear(others.stock_released(had_effect=False))
    others.play("invoiced", "paid", "completed")

    assert desk.look(order).state == "done"
    compare(desk, order, "goods_faster_than_cancel")


def test_a_part_is_faster_than_the_cancel_and_the_rest_is_given_up(desk, order, others):
    others.play(*TO_CONFIRMED)
    desk.cancel(order)
    desk.hear(others.shipped(4, full=False))
    others.play("stock_released", "credit_released", "stock_released")
    closed = desk.look(order)
    assert (closed.state, closed.delivery_status, closed.billing_status) == (
        "processing",
        "partial",
        "to_invoice",
    )
    assert (closed.lines[0].shipped, closed.lines[0].given_up) == (qty(4), qty(6))
    with pytest.raises(OrderShipped):
        desk.cancel(order)

    part = order.total.share(4, 10)
    desk.hear(others.invoiced(4, total=part, full=False))
    desk.hear(others.paid(part))
    others.play("completed")

    assert desk.look(order).state == "done"
    compare(desk, order, "part_faster_than_cancel")


def test_all_parts_are_faster_than_the_cancel(desk, order, others):
    others.play(*TO_CONFIRMED)
    desk.cancel(order)
    desk.hear(others.shipped(4, full=False))
    desk.hear(others.shipped(6))
    desk.hear(others.stock_released(had_effect=False))

    now = desk.look(order)
    assert (now.state, now.delivery_status, now.cancel_requested_at) == ("processing", "full", None)


def test_a_lost_reply_is_asked_for_again(desk, order, others, clock):
    others.play("reserved")
    clock.advance(timedelta(seconds=61))
    assert desk.wake() == 1

    asked = [m for m in desk.messages(kind="command") if m.type == "finance.hold_credit.v1"]
    assert len({message.id for message in asked}) == 2
    assert asked[0].data == asked[1].data
    others.play("granted")

    compare(desk, order, "lost_reply")


def test_both_answers_to_a_question_asked_twice_count_once(desk, order, others, clock):
    first = others.reserved()
    clock.advance(timedelta(seconds=61))
    desk.wake()
    desk.hear(first)
    desk.hear(others.reserved())

    assert desk.said().count("finance.hold_credit.v1") == 1
    assert "late" in desk.story(order)


def test_silence_calls_for_attention_and_ends_when_the_answer_comes(desk, order, others, clock: ManualClock):
    for _ in range(8):
        clock.advance(timedelta(hours=1))
        desk.wake()
    assert "NEEDS ATTENTION" in desk.story(order)

    others.play("reserved")

    assert "NEEDS ATTENTION" not in desk.story(order)


def test_a_late_reply_after_the_compensation_changes_nothing(desk, order, others):
    reserved = others.reserved()
    desk.cancel(order)
    others.play("stock_released")
    assert desk.look(order).state == "cancelled"

    desk.hear(reserved)

    assert desk.look(order).state == "cancelled"
    compare(desk, order, "late_reply_after_compensation")


def test_invoice_and_payment_overtake_the_shipment(desk, order, others):
    others.play(*TO_CONFIRMED, "invoiced", "paid")
    assert desk.look(order).billing_status == "invoiced"
    others.play("shipped", "completed")

    compare(desk, order, "invoice_before_shipment")


def test_delivered_and_invoiced_in_parts(desk, order, others):
    others.play(*TO_CONFIRMED)
    desk.hear(others.shipped(4, full=False))
    desk.hear(others.invoiced(4, total=order.total.share(4, 10), full=False))
    desk.hear(others.paid(order.total.share(4, 10), "first payment"))
    now = desk.look(order)
    assert (now.delivery_status, now.billing_status, now.payment_status) == ("partial", "partial", "partial")

    desk.hear(others.shipped(6))
    desk.hear(others.invoiced(6, total=order.total.share(6, 10)))
    desk.hear(others.paid(order.total.share(6, 10), "second payment"))
    others.play("completed")

    compare(desk, order, "in_parts")


def test_a_hold_past_its_deadline_goes_to_the_sales_manager_again_and_again(desk, order, others, clock):
    others.play("short")
    (placed,) = desk.look(order).open_holds
    pass_days(desk, clock, 13)
    clock.advance(timedelta(days=1, seconds=-1))
    assert escalate_holds(desk.database) == 0
    assert desk.look(order).open_holds == (placed,)

    clock.advance(timedelta(seconds=1))
    assert escalate_holds(desk.database) == 1
    assert escalate_holds(desk.database) == 0
    (escalated,) = desk.look(order).open_holds
    assert (escalated.owner, escalated.escalations) == ("sales_manager", 1)
    assert escalated.deadline == clock.now() + timedelta(days=14)

    pass_days(desk, clock, 14)
    compare(desk, order, "escalated_twice")


def pass_days(desk: Desk, clock: ManualClock, days: int) -> None:
    for _ in range(days):
        clock.advance(timedelta(days=1))
        desk.wake()
        escalate_holds(desk.database)


class PulledPlug(BaseException):
    """The process ends here, without a word."""


@pytest.mark.parametrize("crash_at", range(len(TO_THE_END)))
def test_a_crash_before_the_commit_of_each_step_leaves_no_trace(desk, order, others, crash_at, monkeypatch):
    others.play(*TO_THE_END[:crash_at])
    message = getattr(others, TO_THE_END[crash_at])()
    before = desk.story(order)

    crash_in_commit(desk, message, monkeypatch)
    assert desk.story(order) == before
    desk.hear(message)
    others.play(*TO_THE_END[crash_at + 1 :])

    compare(desk, order, "happy")


@pytest.mark.parametrize("crash_at", range(len(TO_THE_END)))
def test_a_crash_after_the_commit_of_each_step_is_a_repetition(desk, order, others, crash_at):
    others.play(*TO_THE_END[:crash_at])
    message = getattr(others, TO_THE_END[crash_at])()
    desk.hear(message)

    receipt = desk.hear(message)
    assert (receipt.handled, receipt.duplicates) == (0, 1)
    others.play(*TO_THE_END[crash_at + 1 :])

    compare(desk, order, "happy")


@pytest.mark.parametrize("fails_at", range(len(TO_THE_END)))
def test_a_step_that_fails_is_parked_with_its_reason_and_goes_on_when_mended(
    desk, order, others, fails_at, clock, monkeypatch
):
    others.play(*TO_THE_END[:fails_at])
    message = getattr(others, TO_THE_END[fails_at])()
    before = desk.story(order)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("a fault in the programme")

    with monkeypatch.context() as patch:
        patch.setattr("libs.common.saga.store.save", fail)
        patch.setattr("services.sales.store.orders.save", fail)
        assert desk.receiver.receive([message]).parked == 1
    assert desk.story(order) == before
    assert desk.database.read(asleep) == []

    clock.advance(timedelta(seconds=6))
    assert desk.receiver.retry_due().handled == 1
    others.play(*TO_THE_END[fails_at + 1 :])
    compare(desk, order, "happy")


def crash_in_commit(desk: Desk, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end when everything about ``message`` has been written and nothing committed."""

    def pull(_act: Callable[[], None]) -> None:
        raise PulledPlug

    with monkeypatch.context() as patch, pytest.raises(PulledPlug):
        patch.setattr(Transaction, "run_before_commit", pull)
        desk.receiver.receive([message])
