"""With whom a delivery goes, how it arrives, and what the customer does not take."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from services.inventory.domain.delivered import Proof
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DateInFuture, DeliveryStateRefuses, ReturnExceedsShipped
from services.inventory.domain.fulfilment_errors import (
    CarrierCodeTaken,
    DeliveredBeforeShipped,
    TrackingNumberTaken,
    TrackingUrlWithoutNumber,
    TrackingWithoutCarrier,
    UnknownCarrier,
)
from services.inventory.domain.returns import ReturnPart
from services.inventory.reports.fulfilment import FulfilmentShown, fulfilment
from services.inventory.tests.builders import TODAY, Shop, line_id, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.carriers import (
    OpenCarrier,
    SetShipment,
    change_carrier,
    open_carrier,
    set_shipment,
)
from services.inventory.use_cases.deliver import DeliverDelivery, deliver_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery

URL = "https://ships.example/{number}?lang=en"


def arrive(shop: Shop, note: Delivery, on: date = TODAY, *refused: ReturnPart) -> Delivery:
    command = DeliverDelivery(note.id, TODAY, Proof(on, "Li Wei"), refused)
    arrived: Delivery = shop.do(lambda tx: deliver_delivery(tx, command))
    return arrived


def ship(shop: Shop, note: Delivery, carrier: str | None, *numbers: str) -> Delivery:
    command = ShipDelivery(note.id, TODAY, carrier=carrier, tracking_numbers=numbers)
    shipped: Delivery = shop.do(lambda tx: ship_delivery(tx, command))
    return shipped


def look(shop: Shop, note: Delivery) -> FulfilmentShown:
    found = shop.database.read(lambda connection: fulfilment(connection, note.id, owner_id=None))
    assert found is not None
    return found


def notes(shop: Shop, count: int) -> list[Delivery]:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 100))
    for name in range(count):
        shop.reserve(name, (valve, 5))
    return [shop.confirm(name)[0] for name in range(count)]


def carrier(shop: Shop, code: str = "SHIPS", url: str | None = URL) -> Any:
    return shop.do(lambda tx: open_carrier(tx, OpenCarrier(code, "Ships & Co", url)))


def test_a_delivery_goes_with_a_carrier_and_can_be_followed(shop: Shop) -> None:
    first, second = notes(shop, 2)
    ships = carrier(shop)

    ship(shop, first, "SHIPS", "A 1/2", "A-2", "A-2")
    shop.do(lambda tx: set_shipment(tx, SetShipment(second.id, "SHIPS", ("B-1",))))
    shop.ship(second)

    assert [(each.number, each.url) for each in look(shop, first).tracking] == [
        ("A 1/2", "https://ships.example/A%201%2F2?lang=en"),
        ("A-2", "https://ships.example/A-2?lang=en"),
    ]
    assert [
        (told.data["carrier"], told.data["tracking_numbers"]) for told in shop.told("delivery.shipped")
    ] == [
        ("Ships & Co", ["A 1/2", "A-2"]),
        ("Ships & Co", ["B-1"]),
    ]
    with pytest.raises(TrackingNumberTaken) as refusal:
        shop.do(lambda tx: set_shipment(tx, SetShipment(second.id, "SHIPS", ("B-1", "A-2"))))
    assert refusal.value.field == "tracking_numbers.1"
    assert [each.number for each in look(shop, second).tracking] == ["B-1"]
    shop.do(lambda tx: change_carrier(tx, ships.id, {"active": False}, 1))
    with pytest.raises(UnknownCarrier):
        shop.do(lambda tx: set_shipment(tx, SetShipment(second.id, "SHIPS", ())))


def test_what_cannot_be_followed_is_refused(shop: Shop) -> None:
    (note,) = notes(shop, 1)
    carrier(shop)
    with pytest.raises(CarrierCodeTaken):
        carrier(shop)
    for url in ("https://ships.example/", "javascript:{number}"):
        with pytest.raises(TrackingUrlWithoutNumber):
            carrier(shop, "OTHER", url)
    with pytest.raises(TrackingWithoutCarrier):
        ship(shop, note, None, "A-1")
    with pytest.raises(UnknownCarrier):
        ship(shop, note, "NOBODY")
    assert shop.delivery(note.id) == note


def test_one_tracking_number_goes_to_one_of_many_who_want_it_at_once(shop: Shop) -> None:
    wanted = notes(shop, 5)
    carrier(shop)

    answers = at_once([partial(ship, shop, note, "SHIPS", "SAME") for note in wanted])

    assert sum(isinstance(answer, Delivery) for answer in answers) == 1
    assert sum(isinstance(answer, TrackingNumberTaken) for answer in answers) == 4
    shop.assert_sound()


def test_goods_arrive_once_after_they_left_and_not_tomorrow(shop: Shop) -> None:
    (note,) = notes(shop, 1)
    with pytest.raises(DeliveryStateRefuses):
        arrive(shop, note)
    shop.ship(note)
    with pytest.raises(DeliveredBeforeShipped) as refusal:
        arrive(shop, note, TODAY - timedelta(days=1))
    assert (refusal.value.field, refusal.value.figures) == ("delivered_on", {"shipped_on": TODAY})
    with pytest.raises(DateInFuture):
        arrive(shop, note, TODAY + timedelta(days=2))

    answers = at_once([partial(arrive, shop, note)] * 5)

    assert [answer.state for answer in answers if isinstance(answer, Delivery)] == ["delivered"]
    (told,) = shop.told("delivery.delivered")
    assert (told.data["on_time"], told.data["signed_by"], told.data["return_number"]) == (
        True,
        "Li Wei",
        None,
    )
    proof = look(shop, note).proof
    assert proof is not None
    assert proof.delivered_on == TODAY
    shop.assert_sound()


def test_what_is_refused_at_the_door_is_a_return_on_its_way(shop: Shop) -> None:
    (note,) = notes(shop, 1)
    shop.ship(note)
    with pytest.raises(ReturnExceedsShipped) as refusal:
        arrive(shop, note, TODAY, ReturnPart(line_id(0, 1), q(6)))
    assert refusal.value.field == "refused.0.quantity"

    arrive(shop, note, TODAY, ReturnPart(line_id(0, 1), q(2)))

    (told,) = shop.told("delivery.delivered")
    assert [(line["quantity"], line["refused"]) for line in told.data["lines"]] == [("5", "2")]
    (decided,) = shop.told("return.decided")
    assert (decided.data["state"], decided.data["number"]) == ("approved", told.data["return_number"])
    shop.assert_sound()


def test_what_did_not_leave_with_a_note_is_told_with_its_reason(shop: Shop) -> None:
    (note,) = notes(shop, 1)
    picked = pick(shop, note, lack(line_id(0, 1), 1, reason="damaged"))

    shop.ship(picked, (line_id(0, 1), 3))

    (told,) = shop.told("delivery.short_shipped")
    assert [(each["shipped"], each["missing"], each["reason"]) for each in told.data["lines"]] == [
        ("3", "1", "left_behind"),
        ("3", "1", "damaged"),
    ]
