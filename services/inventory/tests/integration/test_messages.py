"""Messages from others, as they arrive: read, handled once, and answered in the order's conversation."""

from __future__ import annotations

from typing import Any

from libs.common.envelope import Message
from libs.common.ids import derived_id
from libs.common.inbox import Receipt, Receiver
from libs.common.worker import JobRunner
from services.inventory.store.customers import find
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, order_id
from services.inventory.worker import JOBS, SUBSCRIPTIONS

QUOTATION = derived_id("quotation", "1")


class Others:
    """Says to inventory what sales and crm would say."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.receiver = Receiver(shop.database, SUBSCRIPTIONS)
        self.count = 0

    def message(self, type_: str, data: dict[str, Any], key: str = "order_id") -> Message:
        self.count += 1
        now = self.shop.database.clock.now()
        return Message(
            id=derived_id("message", str(self.count)),
            type=type_,
            kind="command" if type_.startswith("inventory.") else "event",
            source=type_.partition(".")[0].replace("inventory", "sales"),
            time=now,
            recorded_time=now,
            partition_key=data[key],
            sequence=self.count,
            correlation_id=QUOTATION,
            data=data,
        )

    def say(self, *messages: Message) -> Receipt:
        return self.receiver.receive(messages)

    def reserve(self, name: int, item_id: str, quantity: str) -> Message:
        line = {"order_line_id": line_id(name, 1), "item_id": item_id, "quantity": quantity, "new": "ignored"}
        data = {
            "order_id": order_id(name),
            "order_number": f"SO-{name}",
            "customer_id": HARBOR_PUMPS,
            "ordered_on": "2026-03-01",
            "promised_on": None,
            "lines": [line],
        }
        return self.message("inventory.reserve_stock.v1", data)

    def release(self, name: int) -> Message:
        data = {"order_id": order_id(name), "reason": "customer_request"}
        return self.message("inventory.release_stock.v1", data)

    def confirmed(self, name: int) -> Message:
        data = {"order_id": order_id(name), "number": f"SO-{name}", "customer_id": HARBOR_PUMPS, "lines": []}
        return self.message(
            "sales.order.confirmed.v1", data | {"ordered_on": "2026-03-02", "promised_on": "2026-03-09"}
        )


def test_an_order_is_reserved_confirmed_and_released_in_its_conversation(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    others = Others(shop)
    request = others.reserve(1, valve.id, "4")

    assert others.say(request, others.confirmed(1), others.release(1)) == Receipt(handled=3)

    told = [message for message in shop.told() if message.partition_key == order_id(1)]
    assert [message.type.removeprefix("inventory.") for message in told] == [
        "reservation.reserved.v1",
        "delivery.created.v1",
        "delivery.cancelled.v1",
        "reservation.released.v1",
    ]
    assert {message.correlation_id for message in told} == {QUOTATION}
    assert told[0].causation_id == request.id
    assert told[1].data["promised_on"] == "2026-03-09"
    shop.assert_sound()


def test_the_same_message_again_has_no_effect_and_the_same_question_again_is_answered(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    others = Others(shop)
    request = others.reserve(1, valve.id, "4")
    others.say(request)

    assert others.say(request) == Receipt(duplicates=1)
    assert others.say(others.reserve(1, valve.id, "4")) == Receipt(handled=1)

    assert len(shop.told("reservation.reserved")) == 2
    assert shop.stock(valve) == ("10", "4")


def test_a_confirmation_that_came_too_early_is_tried_again(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    others = Others(shop)
    assert others.say(others.confirmed(1)) == Receipt(parked=1)
    shop.reserve(1, (valve, 4))

    assert others.receiver.retry_waiting() == Receipt(handled=1)
    assert len(shop.told("delivery.created")) == 1


def test_a_request_that_is_not_readable_is_dead_and_not_guessed_at(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    others = Others(shop)

    for quantity in ("NaN", "1e3", "4,5"):
        assert others.say(others.reserve(1, valve.id, quantity)).handled == 0

    assert shop.stock(valve) == ("10", "0")
    assert shop.told("reservation.reserved") == []


def test_customers_are_kept_as_crm_tells_them(shop: Shop) -> None:
    others = Others(shop)
    known = {"customer_id": HARBOR_PUMPS, "number": "C-000001", "name": "Harbor Pumps", "owner_id": "ann"}
    moved = {"customer_id": HARBOR_PUMPS, "owner_id": "bob", "previous_owner_id": "ann"}
    others.say(
        others.message("crm.customer.registered.v1", known | {"currency": "USD"}, "customer_id"),
        others.message("crm.customer.owner_changed.v1", moved, "customer_id"),
        others.message(
            "crm.customer.details_changed.v1",
            known | {"name": "Harbour Pumps", "owner_id": "bob"},
            "customer_id",
        ),
    )

    kept = shop.database.read(lambda connection: find(connection, HARBOR_PUMPS))
    assert kept is not None
    assert (kept.name, kept.owner_id, kept.number) == ("Harbour Pumps", "bob", "C-000001")


def test_the_jobs_run(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.reserve(1, (valve, 4))
    shop.book(main, (valve, 4))

    assert JobRunner(shop.database, JOBS, "test").run_due() == [
        "serve_waiting",
        "propose_reorders",
        "escalate_approvals",
        "review_credit",
        "expire_stock",
        "tell_delays",
    ]

    assert shop.state(1) == "reserved"
