"""What happens to a delivery beside its lines: who takes it along, how it arrived, what hands did with it."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import ANY, Noun, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.domain.delivered import Proof
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.packing import LeftOut, Package, PackedPart
from services.inventory.domain.returns import ReturnPart
from services.inventory.reports import fulfilment as report
from services.inventory.use_cases.carriers import SetShipment, set_shipment
from services.inventory.use_cases.deliver import DeliverDelivery, deliver_delivery
from services.inventory.use_cases.pack_delivery import PackDelivery, PutBack, pack_delivery, put_back

_STATES = ("draft", "waiting", "ready", "picked", "packed", "shipped", "delivered", "cancelled")
_MAY_SHIP = ("warehouse", "api_client")
_MOST_LINES = 1000
MOST_NUMBERS = 200

fulfilment = Noun("fulfilment", "/api/v1/deliveries", description="From the shelf to the customer's door")


class ShipmentIn(Strict):
    """Who takes the delivery along, by code, and under which numbers; nobody: it is not known yet."""

    carrier = fields.Text(max=32, required=True, allow_none=True)
    tracking_numbers = fields.ListOf(fields.Text(max=64), least=0, most=MOST_NUMBERS, load_default=())


class RefusedPartIn(Strict):
    """How much of an order line the customer did not take."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(
        max=64,
        load_default=None,
        allow_none=True,
        metadata={"description": "Where the line left in several lots."},
    )
    serials = serials_in()


class ProofFileIn(Strict):
    """A file by its name and the digest of its bytes, by which it can be checked later."""

    name = fields.Text(max=200, required=True)
    sha256 = fields.Text(max=64, pattern="[0-9a-f]{64}", required=True)


class ArrivalIn(Strict):
    """The proof of delivery; what was refused at the door becomes a return that is approved already."""

    delivered_on = fields.DateField(load_default=None, allow_none=True)
    signed_by = fields.Text(max=200, required=True)
    note = fields.Text(max=1000, multiline=True, load_default=None, allow_none=True)
    file = fields.Nested(
        ProofFileIn,
        load_default=None,
        allow_none=True,
        metadata={"description": "The photo or signed paper, which is kept elsewhere."},
    )
    refused = fields.ListOf(RefusedPartIn, least=0, most=_MOST_LINES, load_default=())
    refusal = fields.Text(
        max=500, load_default=None, allow_none=True, metadata={"description": "Why it was refused."}
    )


class PackedPartIn(Strict):
    """How much of an order line is in a package; the lot where the line was picked from several."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)


class PackageIn(Strict):
    """A package: grams and millimetres, and what its carrier calls it, as far as known."""

    weight_g = fields.CountField(least=1, load_default=None, allow_none=True)
    length_mm = fields.CountField(least=1, load_default=None, allow_none=True)
    width_mm = fields.CountField(least=1, load_default=None, allow_none=True)
    height_mm = fields.CountField(least=1, load_default=None, allow_none=True)
    tracking_number = fields.Text(max=64, load_default=None, allow_none=True)
    lines = fields.ListOf(PackedPartIn, most=_MOST_LINES, required=True)


class LeftOutIn(PackedPartIn):
    """What was picked and is not packed, and why."""

    reason = fields.Text(max=500, required=True)
    serials = serials_in()


class PackIn(Strict):
    """All that was picked, in packages or left out."""

    packages = fields.ListOf(PackageIn, most=MOST_NUMBERS, required=True)
    left_out = fields.ListOf(LeftOutIn, least=0, most=_MOST_LINES, load_default=())
    carrier = fields.Text(max=32, load_default=None, allow_none=True)


class PutBackIn(Strict):
    """Why the goods go back to the shelves."""

    reason = fields.Text(max=500, required=True)


class PackageLineOut(Strict):
    """What is in a package of one order line and lot."""

    order_line_id = fields.IdField()
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField()


class PackageOut(Strict):
    """A package of the delivery."""

    package_no = fields.CountField(least=1)
    weight_g = fields.CountField(allow_none=True)
    length_mm = fields.CountField(allow_none=True)
    width_mm = fields.CountField(allow_none=True)
    height_mm = fields.CountField(allow_none=True)
    tracking_number = fields.Text(max=64, allow_none=True)
    packed_by = fields.Text(max=120, allow_none=True)
    packed_at = fields.UtcField()
    lines = fields.ListOf(PackageLineOut, most=10_000)


class PickOut(Strict):
    """What a hand did: took it, did not find it, or put it back."""

    kind = fields.Choice("taken", "short", "put_back")
    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    lot = fields.Text(max=64, allow_none=True)
    instead_of = fields.Text(max=64, allow_none=True, metadata={"description": "The lot that was proposed."})
    reason = fields.Text(max=500, allow_none=True)
    actor = fields.Text(max=120, allow_none=True)
    recorded_at = fields.UtcField()


class TrackingOut(Strict):
    """A number under which a part of the delivery goes, and where it can be followed."""

    number = fields.Text(max=64)
    url = fields.Text(max=1000, allow_none=True)


class ProofOut(Strict):
    """Who signed for the goods, and the return of what was refused."""

    delivered_on = fields.DateField()
    signed_by = fields.Text(max=200)
    note = fields.Text(max=1000, multiline=True, allow_none=True)
    file_name = fields.Text(max=200, allow_none=True)
    file_sha256 = fields.Text(max=64, allow_none=True)
    return_id = fields.IdField(allow_none=True)
    return_number = fields.Text(max=32, allow_none=True)
    actor = fields.Text(max=120, allow_none=True)
    recorded_at = fields.UtcField()


class FulfilmentOut(Strict):
    """All that is kept of a delivery beside its lines."""

    delivery_id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    picks = fields.ListOf(PickOut, least=0, most=10_000)
    packages = fields.ListOf(PackageOut, least=0, most=MOST_NUMBERS)
    carrier_code = fields.Text(max=32, allow_none=True)
    carrier_name = fields.Text(max=200, allow_none=True)
    tracking = fields.ListOf(TrackingOut, least=0, most=MOST_NUMBERS)
    proof = fields.Nested(ProofOut, allow_none=True)


@fulfilment.query(
    "/<uuid:delivery_id>/fulfilment",
    answer=FulfilmentOut,
    roles=ANY,
    summary="Show what was done with a delivery",
)
def show(connection: Any, delivery_id: str) -> report.FulfilmentShown:
    """Show picks, carrier, tracking numbers and proof; a salesperson sees those of own customers."""
    who = principal()
    return _found(connection, delivery_id, who.subject if who.owner_only else None)


@fulfilment.command(
    "POST",
    "/<uuid:delivery_id>/pack",
    body=PackIn,
    answer=FulfilmentOut,
    roles=_MAY_SHIP,
    summary="Pack a delivery",
)
def pack(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.FulfilmentShown:
    """Put what was picked into packages, all of it; what is left out moves to a backorder note."""
    packed = tuple(
        Package(tuple(PackedPart(**line) for line in each.pop("lines")), **each) for each in body["packages"]
    )
    left_out = tuple(LeftOut(**with_serials(part)) for part in body["left_out"])
    pack_delivery(tx, PackDelivery(delivery_id, packed, left_out, body["carrier"], expected_version()))
    return _found(tx.connection, delivery_id, None)


@fulfilment.command(
    "POST",
    "/<uuid:delivery_id>/put-back",
    body=PutBackIn,
    answer=FulfilmentOut,
    roles=_MAY_SHIP,
    summary="Put picked goods back",
)
def unpick(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.FulfilmentShown:
    """Return what was picked or packed to the shelves: the note is ready to be picked again."""
    put_back(tx, PutBack(delivery_id, body["reason"], expected_version()))
    return _found(tx.connection, delivery_id, None)


@fulfilment.command(
    "PUT",
    "/<uuid:delivery_id>/shipment",
    body=ShipmentIn,
    answer=FulfilmentOut,
    roles=_MAY_SHIP,
    summary="Say with whom a delivery goes",
)
def hand_over(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.FulfilmentShown:
    """Say, or say anew, who takes the delivery along and under which numbers."""
    numbers = tuple(body["tracking_numbers"])
    set_shipment(tx, SetShipment(delivery_id, body["carrier"], numbers, expected_version()))
    return _found(tx.connection, delivery_id, None)


@fulfilment.command(
    "POST",
    "/<uuid:delivery_id>/deliver",
    body=ArrivalIn,
    answer=FulfilmentOut,
    roles=_MAY_SHIP,
    summary="Note that a delivery arrived",
)
def deliver(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.FulfilmentShown:
    """Keep the proof of delivery; without a day, it arrived today."""
    today, file = company_day(tx.now), body["file"] or {}
    proof = Proof(
        delivered_on=body["delivered_on"] or today,
        signed_by=body["signed_by"],
        note=body["note"],
        file_name=file.get("name"),
        file_sha256=file.get("sha256"),
    )
    refused = tuple(ReturnPart(**with_serials(part)) for part in body["refused"])
    command = DeliverDelivery(delivery_id, today, proof, refused, body["refusal"], expected_version())
    deliver_delivery(tx, command)
    return _found(tx.connection, delivery_id, None)


def _found(connection: Any, delivery_id: str, owner_id: str | None) -> report.FulfilmentShown:
    found = report.fulfilment(connection, delivery_id, owner_id=owner_id)
    if found is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    return found
