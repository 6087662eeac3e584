"""From the confirmed order to goods out of the house, whole or in parts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.common.errors import Later, VersionMismatch
from services.inventory.domain.errors import (
    DateInFuture,
    DeliveryNotFound,
    DeliveryStateRefuses,
    LineNamedTwice,
    LineNotOnDelivery,
    MoreThanOnDelivery,
    QuantityTooFine,
)
from services.inventory.domain.picking import PickedPart
from services.inventory.reports.customer_deliveries import delivery_summary
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id, q
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


def test_a_confirmed_order_gets_its_note_by_itself_and_only_once(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4), (valve, 2))

    (delivery,) = shop.confirm(1)
    assert shop.confirm(1) == []

    assert (delivery.number, delivery.state, delivery.customer_id) == ("DN-000001", "ready", HARBOR_PUMPS)
    (told,) = shop.told("delivery.created")
    assert told.partition_key == order_id(1)
    assert told.data["promised_on"] == TODAY.isoformat()
    assert told.data["lines"] == [
        {"order_line_id": line_id(1, 1), "item_id": valve.id, "quantity": "4"},
        {"order_line_id": line_id(1, 2), "item_id": valve.id, "quantity": "2"},
    ]
    shop.assert_sound()


def test_a_confirmation_that_overtook_the_reservation_is_handled_later(shop: Shop) -> None:
    valve = shop.item()
    shop.warehouse()
    with pytest.raises(Later):
        shop.confirm(1)
    shop.reserve(1, (valve, 4))
    with pytest.raises(Later):
        shop.confirm(1)


def test_an_order_from_two_warehouses_gets_a_note_for_each(shop: Shop) -> None:
    valve, main, north = shop.item(), shop.warehouse("MAIN"), shop.warehouse("NORTH")
    shop.book(main, (valve, 3))
    shop.book(north, (valve, 3))
    shop.reserve(1, (valve, 5))

    notes = shop.confirm(1)
    assert {note.warehouse_id: note.lines[0].quantity for note in notes} == {main.id: q(3), north.id: q(2)}
    for note in notes:
        shop.ship(note)
    assert [told.data["order_fully_shipped"] for told in shop.told("delivery.shipped")] == [False, True]
    shop.assert_sound()


def test_shipping_takes_stock_writes_the_ledger_and_tells_the_lots(shop: Shop) -> None:
    drug, main = shop.item("DRUG", lot_tracked=True), shop.warehouse()
    shop.book(main, (drug, 2, "L1"), (drug, 5, "L2"))
    shop.reserve(1, (drug, 4))
    (delivery,) = shop.confirm(1)

    shipped = shop.ship(delivery, on=date(1997, 5, 4))

    assert (shipped.state, shipped.shipped_on) == ("shipped", date(1997, 5, 4))
    assert shop.stock(drug) == ("3", "0")
    assert shop.state(1) == "consumed"
    (told,) = shop.told("delivery.shipped")
    assert told.data["shipped_on"] == "1997-05-04"
    assert told.data["order_fully_shipped"] is True
    assert [
        (line["lot"], line["quantity"], line["sku"], line["item_name"]) for line in told.data["lines"]
    ] == [
        ("L1", "2", "DRUG", "The DRUG"),
        ("L2", "2", "DRUG", "The DRUG"),
    ]
    shop.assert_sound()


def test_a_note_that_leaves_in_parts_leaves_the_rest_to_a_backorder(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 10), (pump, 1))
    shop.reserve(1, (valve, 5), (pump, 1))
    (first,) = shop.confirm(1)

    shop.ship(first, (line_id(1, 1), 2))
    second_id = shop.told("delivery.created")[-1].data["delivery_id"]
    second = shop.delivery(second_id)
    assert (second.number, second.state, second.backorder_of) == ("DN-000002", "ready", first.id)
    assert {line.order_line_id: line.quantity for line in second.lines} == {
        line_id(1, 1): q(3),
        line_id(1, 2): q(1),
    }
    assert shop.stock(valve) == ("8", "3")
    shop.assert_sound()

    shop.ship(second)
    assert [told.data["order_fully_shipped"] for told in shop.told("delivery.shipped")] == [False, True]
    assert shop.stock(valve) == ("5", "0")
    assert shop.state(1) == "consumed"
    shop.assert_sound()


def test_picking_in_parts_splits_the_note_too(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 5))
    (delivery,) = shop.confirm(1)

    part = PickedPart(line_id(1, 1), q(2))
    picked = shop.do(lambda tx: pick_delivery(tx, PickDelivery(delivery.id, TODAY, (part,))))

    assert (picked.state, picked.lines[0].quantity) == ("picked", q(2))
    assert shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"]).lines[0].quantity == q(3)
    shop.ship(picked)
    assert shop.stock(valve) == ("8", "3")
    shop.assert_sound()


def test_what_left_cannot_leave_again(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 5))
    (delivery,) = shop.confirm(1)
    shop.ship(delivery)

    with pytest.raises(DeliveryStateRefuses) as refusal:
        shop.ship(delivery)
    assert refusal.value.figures == {"state": "shipped"}
    with pytest.raises(DeliveryStateRefuses):
        shop.do(lambda tx: pick_delivery(tx, PickDelivery(delivery.id, TODAY)))
    assert shop.stock(valve) == ("5", "0")


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([(1, "6")], MoreThanOnDelivery),
        ([(1, "1.5")], QuantityTooFine),
        ([(9, "1")], LineNotOnDelivery),
        ([(1, "1"), (1, "1")], LineNamedTwice),
    ],
)
def test_impossible_parts_are_refused_and_change_nothing(
    shop: Shop, parts: list[tuple[int, str]], error: type[Exception]
) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 5))
    (delivery,) = shop.confirm(1)

    with pytest.raises(error):
        shop.ship(delivery, *((line_id(1, line), quantity) for line, quantity in parts))

    assert shop.stock(valve) == ("10", "5")
    assert shop.delivery(delivery.id) == delivery
    assert shop.told("delivery.shipped") == []


def test_a_day_after_tomorrow_an_unknown_note_and_an_old_version_are_refused(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 5))
    (delivery,) = shop.confirm(1)

    with pytest.raises(DateInFuture):
        shop.ship(delivery, on=TODAY + timedelta(days=2))
    with pytest.raises(DeliveryNotFound):
        shop.do(lambda tx: ship_delivery(tx, ShipDelivery(order_id("none"), TODAY)))
    with pytest.raises(VersionMismatch):
        shop.do(lambda tx: ship_delivery(tx, ShipDelivery(delivery.id, TODAY, expected_version=7)))
    assert shop.ship(delivery, on=TODAY + timedelta(days=1)).state == "shipped"


def test_the_summary_counts_what_was_on_time_late_and_open(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.customer(owner_id="ann")
    shop.book(main, (valve, 10))
    for name, days in (("on time", 0), ("early", -3), ("late", 1)):
        shop.reserve(name, (valve, 1))
        (delivery,) = shop.confirm(name)
        shop.ship(delivery, on=TODAY + timedelta(days=days))
    shop.reserve("open", (valve, 1))
    shop.confirm("open")
    shop.reserve("waits", (valve, 100))

    summary = shop.database.read(
        lambda connection: delivery_summary(connection, HARBOR_PUMPS, owner_id="ann")
    )
    assert summary is not None
    assert (summary.shipments, summary.on_time, summary.late) == (3, 2, 1)
    assert (summary.open_deliveries, summary.orders_waiting) == (1, 1)
    assert [(note.order_number, note.on_time) for note in summary.last_shipments] == [
        ("SO-late", False),
        ("SO-on time", True),
        ("SO-early", True),
    ]
    assert (
        shop.database.read(lambda connection: delivery_summary(connection, HARBOR_PUMPS, owner_id="bob"))
        is None
    )
