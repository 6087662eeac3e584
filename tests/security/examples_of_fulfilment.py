"""A valid request of every operation between the shelf and the customer's door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.security.bodies import a_part
from tests.security.example import Example, Make
from tests.security.shelf import Shelf


def document(name: str, part: Callable[[Shelf], Any]) -> Make:
    return lambda shelf: Example({name: part(shelf)["id"]})


def listing(_shelf: Shelf) -> Example:
    return Example()


def _carrier(shelf: Shelf) -> Example:
    body = {"code": shelf.named("C"), "name": "Ships & Co"}
    return Example(body=body | {"tracking_url": "https://ships.example/{number}"})


def _carrier_change(shelf: Shelf) -> Example:
    body = {"name": "Ships & Co", "tracking_url": None, "active": True}
    return Example({"carrier_id": shelf.fresh_carrier()["id"]}, body)


def _packing(shelf: Shelf) -> Example:
    delivery = shelf.fresh_picked()
    line = a_part(delivery) | {"quantity": "4", "lot": None}
    measures = {"weight_g": 2500, "length_mm": 400, "width_mm": 300, "height_mm": 200}
    package = measures | {"tracking_number": shelf.named("T"), "lines": [line]}
    left_out = a_part(delivery) | {"lot": None, "reason": "Wet"}
    body = {"packages": [package], "left_out": [left_out], "carrier": shelf.carrier["code"]}
    return Example({"delivery_id": delivery["id"]}, body)


def _pick_list(shelf: Shelf) -> Example:
    delivery = shelf.fresh_delivery()
    body = {"warehouse_id": shelf.warehouse_id, "delivery_ids": [delivery["id"]]}
    return Example(body=body | {"promised_by": None, "most": 5})


def _handover(shelf: Shelf) -> Example:
    body = {"carrier": shelf.carrier["code"], "tracking_numbers": [shelf.named("T")]}
    return Example({"delivery_id": shelf.fresh_delivery()["id"]}, body)


def _arrival(shelf: Shelf) -> Example:
    delivery = shelf.fresh_shipped()
    file = {"name": "signed.jpg", "sha256": "0" * 64}
    body = {"delivered_on": None, "signed_by": "Li Wei", "note": "At\nthe gate", "file": file}
    refused = {"refused": [a_part(delivery) | {"lot": None}], "refusal": "Wet"}
    return Example({"delivery_id": delivery["id"]}, body | refused)


FULFILMENT: dict[str, Make] = {
    "GET /api/v1/deliveries/{delivery_id}/fulfilment": document("delivery_id", lambda shelf: shelf.arrived),
    "GET /api/v1/queue-rule": listing,
    "PUT /api/v1/queue-rule": lambda _shelf: Example(body={"groups": ["key"], "by_promised_day": True}),
    "GET /api/v1/pick-lists": listing,
    "POST /api/v1/pick-lists": _pick_list,
    "GET /api/v1/pick-lists/{pick_list_id}": document("pick_list_id", lambda shelf: shelf.pick_list),
    "POST /api/v1/pick-lists/{pick_list_id}/cancel": document(
        "pick_list_id", lambda shelf: shelf.fresh_pick_list()
    ),
    "POST /api/v1/deliveries/{delivery_id}/pack": _packing,
    "POST /api/v1/deliveries/{delivery_id}/put-back": lambda shelf: Example(
        {"delivery_id": shelf.fresh_picked()["id"]}, {"reason": "Wait"}
    ),
    "PUT /api/v1/warehouses/{warehouse_id}/packing-rule": lambda shelf: Example(
        {"warehouse_id": shelf.warehouse_id}, {"required": False}
    ),
    "PUT /api/v1/deliveries/{delivery_id}/shipment": _handover,
    "POST /api/v1/deliveries/{delivery_id}/deliver": _arrival,
    "GET /api/v1/carriers": listing,
    "POST /api/v1/carriers": _carrier,
    "GET /api/v1/carriers/{carrier_id}": document("carrier_id", lambda shelf: shelf.carrier),
    "PATCH /api/v1/carriers/{carrier_id}": _carrier_change,
    "GET /api/v1/figures/order-to-delivery-note": listing,
    "GET /api/v1/figures/on-time-in-full": listing,
    "GET /api/v1/figures/on-time-in-full/lines": listing,
    "GET /api/v1/orders/{order_id}/delivery-progress": document(
        "order_id", lambda shelf: shelf.order_of_arrived
    ),
    "GET /api/v1/stock-discrepancies": listing,
    "GET /api/v1/stock-discrepancies/{discrepancy_id}": document(
        "discrepancy_id", lambda shelf: shelf.discrepancy
    ),
}
