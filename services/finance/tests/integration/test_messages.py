"""Finance over messages: what arrives early waits, what arrives twice counts once, what cannot be is parked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from libs.common.db import Database
from libs.common.envelope import Message, encode
from libs.common.inbox import Receiver, Subscriptions
from libs.common.inbox.tables import parked
from services.finance.subscribers.crm import crm_subscriptions
from services.finance.subscribers.inventory import inventory_subscriptions
from services.finance.subscribers.sales import sales_subscriptions
from services.finance.tests.builders import (
    HARBOR,
    LIN,
    TERMS,
    a_confirmed_order,
    a_request,
    a_shipment,
    an_id,
    usd,
)
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.tests.integration.books import credit, envelopes, said, the_account
from services.finance.tests.integration.conftest import MIGRATIONS
from services.finance.use_cases.periods import MoveLock, move_lock

CONVERSATION = "conversation-1"
ORDER = an_id("order", "SO-1")


class Post:
    """Writes messages as their publishers would, each stream counting from 1."""

    def __init__(self, now) -> None:
        self._now = now
        self._numbers: dict[tuple[str, str], count[int]] = {}
        self._ids = count(1)

    def message(self, type_: str, key: str, data: object, source: str | None = None) -> Message:
        source = source or ("sales" if type_.startswith("finance.") else type_.partition(".")[0])
        return Message(
            id=an_id("message", str(next(self._ids))),
            type=type_,
            kind="command" if type_.startswith("finance.") else "event",
            source=source,
            time=self._now,
            recorded_time=self._now,
            partition_key=key,
            sequence=next(self._numbers.setdefault((source, key), count(1))),
            correlation_id=CONVERSATION,
            data=encode(data),
        )

    def customer(self) -> Message:
        data = {
            "customer_id": HARBOR,
            "number": "C-1",
            "name": "Harbor Pumps",
            "currency": "USD",
            "owner_id": LIN,
        }
        return self.message("crm.customer.registered.v1", HARBOR, data | {"country": "US", "city": None})

    def hold(self, amount: str = "10.00") -> Message:
        return self.message("finance.hold_credit.v1", ORDER, a_request("SO-1", amount))

    def release(self) -> Message:
        return self.message("finance.release_credit.v1", ORDER, {"order_id": ORDER, "reason": "cancelled"})

    def confirmed(self) -> Message:
        return self.message("sales.order.confirmed.v1", ORDER, a_confirmed_order("SO-1", ("2", "10.00")))

    def shipped(self) -> Message:
        return self.message("inventory.delivery.shipped.v1", ORDER, a_shipment("DN-1", "SO-1", (1, "2")))

    def inspected(self, *quantities: str, credit: bool = True, name: str = "RMA-000001") -> Message:
        """Goods of the shipment came back; a quantity for each lot."""
        line = {"order_line_id": an_id("line", "SO-1", "1"), "item_id": an_id("item", "1"), "lot": None}
        data = {
            "return_id": an_id("return", name),
            "number": name,
            "delivery_id": an_id("delivery", "DN-1"),
            "customer_id": HARBOR,
            "order_id": ORDER,
            "reason": "Too large",
            "inspected_on": "2026-03-02",
            "lines": [line | {"quantity": quantity, "credit": credit} for quantity in quantities],
        }
        return self.message("inventory.return.inspected.v1", ORDER, data)


@pytest.fixture
def empty(make_database) -> Iterable[Database]:
    database = make_database("finance", MIGRATIONS)
    yield database
    assert_books_agree(database)


@pytest.fixture
def receiver(empty) -> Receiver:
    parts = (crm_subscriptions(TERMS), sales_subscriptions(TERMS), inventory_subscriptions(TERMS))
    return Receiver(empty, Subscriptions("finance").merge(*parts))


@pytest.fixture
def post(clock) -> Post:
    return Post(clock.now())


def parked_types(database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [
            tuple(row)
            for row in connection.execute(select(parked.c.type, parked.c.state).order_by(parked.c.type))
        ]


def test_the_whole_way_in_one_batch_and_again(empty, receiver, post):
    batch = [post.customer(), post.hold(), post.confirmed(), post.shipped()]
    assert receiver.receive(batch).handled == 4
    assert receiver.receive(batch).duplicates == 4
    now = the_account(empty)
    assert (now.held, now.receivable, now.owner_id) == (usd("0"), usd("10.00"), LIN)
    types = [(each["type"], each["correlationid"], each["causationid"]) for each in envelopes(empty)]
    assert types == [
        ("finance.credit_hold.granted.v1", CONVERSATION, batch[1].id),
        ("finance.invoice.posted.v1", CONVERSATION, batch[3].id),
    ]


def test_a_shipment_told_three_times_under_three_names_is_one_invoice(empty, receiver, post):
    receiver.receive([post.customer(), post.hold(), post.confirmed()])
    receiver.receive([post.shipped(), post.shipped(), post.shipped()])
    assert len(said(empty, "invoice.posted")) == 1


def test_what_comes_before_what_it_needs_waits_for_it(empty, receiver, post, clock):
    hold, shipped = post.hold(), post.shipped()
    assert receiver.receive([hold]).parked == 1
    assert receiver.receive([shipped]).parked == 1
    receiver.receive([post.customer()])
    clock.advance(timedelta(hours=1))
    receiver.retry_waiting()
    assert len(said(empty, "credit_hold.granted")) == 1
    receiver.receive([post.confirmed()])
    clock.advance(timedelta(hours=1))
    receiver.retry_waiting()
    assert len(said(empty, "invoice.posted")) == 1
    assert parked_types(empty) == []


def test_a_cancelled_order_whose_commands_come_twice_ends_with_nothing_held(empty, receiver, post):
    receiver.receive([post.customer(), post.hold(), post.release(), post.hold(), post.release()])
    assert the_account(empty).held == usd("0")
    assert [each["type"].split(".")[2] for each in envelopes(empty)] == [
        "granted",
        "released",
        "rejected",
        "released",
    ]


@pytest.mark.parametrize("damage", [{"amount": "10.00"}, {"amount": None}, {"customer_id": 7}])
def test_a_command_that_cannot_be_read_is_kept_with_its_reason(empty, receiver, post, damage):
    receiver.receive([post.customer()])
    message = post.hold()
    message.data.update(damage)
    assert receiver.receive([message]).dead == 1
    assert parked_types(empty) == [("finance.hold_credit.v1", "dead")]


def test_a_newer_version_is_kept_and_seen(empty, receiver, post):
    message = post.message("sales.order.confirmed.v2", ORDER, {"order_id": ORDER})
    assert receiver.receive([message]).dead == 1


def test_fields_that_finance_does_not_read_may_come_and_go(empty, receiver, post):
    message = post.customer()
    message.data["favourite_colour"] = "blue"
    assert receiver.receive([message]).handled == 1
    assert the_account(empty).name == "Harbor Pumps"


def test_r4_5_what_came_back_is_credited_once_however_often_it_is_told(empty, receiver, post):
    receiver.receive([post.customer(), post.confirmed(), post.shipped()])
    assert receiver.receive([post.inspected("0.5", "0.5"), post.inspected("0.5", "0.5")]).handled == 2
    assert parked_types(empty) == []
    (note,) = said(empty, "credit_note.posted")
    assert (note["total"]["minor"], note["return_id"], note["lines"][0]["quantity"]) == (
        500,
        an_id("return", "RMA-000001"),
        "1",
    )
    assert note["reason"] == "RMA-000001: Too large"
    assert the_account(empty).receivable == usd("5.00")


def test_goods_that_are_not_to_be_credited_are_not(empty, receiver, post):
    receiver.receive([post.customer(), post.confirmed(), post.shipped()])
    assert receiver.receive([post.inspected("2", credit=False)]).handled == 1
    assert said(empty, "credit_note.posted") == []


def test_what_was_credited_by_hand_before_is_not_credited_again(empty, receiver, post):
    receiver.receive([post.customer(), post.confirmed(), post.shipped()])
    (invoice,) = said(empty, "invoice.posted")
    credit(empty, invoice["invoice_id"], (1, "1.5", None))
    receiver.receive([post.inspected("2")])
    totals = [each["total"]["minor"] for each in said(empty, "credit_note.posted")]
    assert totals == [750, 250]
    assert receiver.receive([post.inspected("2", name="RMA-000002")]).handled == 1
    assert len(said(empty, "credit_note.posted")) == 2


def test_goods_that_are_worth_nothing_any_more_are_handled_without_a_credit_note(empty, receiver, post):
    receiver.receive([post.customer(), post.confirmed(), post.shipped()])
    (invoice,) = said(empty, "invoice.posted")
    credit(empty, invoice["invoice_id"], (1, None, "10.00"))
    assert receiver.receive([post.inspected("2")]).handled == 1
    assert len(said(empty, "credit_note.posted")) == 1


def test_a_return_waits_for_its_invoice_and_is_posted_on_an_open_day(empty, receiver, post, clock):
    receiver.receive([post.customer()])
    assert receiver.receive([post.shipped(), post.inspected("2")]).parked == 2
    empty.transact(lambda tx: move_lock(tx, MoveLock(date(2026, 3, 2)), TERMS))
    receiver.receive([post.confirmed()])
    clock.advance(timedelta(hours=1))
    receiver.retry_waiting()
    assert [each["posted_on"] for each in said(empty, "credit_note.posted")] == ["2026-03-03"]
    assert parked_types(empty) == []
