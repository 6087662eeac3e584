"""What the service desk notes of inventory: what left for whom, and what items are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.service_desk.domain.cause import (
    Happening,
    bad_description,
    bad_subject,
    late_description,
    late_subject,
    short_description,
    short_subject,
)
from services.service_desk.domain.installed import Item
from services.service_desk.domain.linked_document import DocumentState, result_of
from services.service_desk.use_cases.keep_item import keep_item
from services.service_desk.use_cases.note_document import note_document, note_return_document
from services.service_desk.use_cases.note_return import NoteReturn, ReturnedLine, note_return
from services.service_desk.use_cases.note_shipment import NoteShipment, ShippedLine, note_shipment
from services.service_desk.use_cases.open_by_itself import open_for_delay, open_for_return, open_for_short

subscriptions = Subscriptions("service_desk")


@dataclass(frozen=True)
class ItemDetails:
    """What the desk reads of an item."""

    item_id: str
    sku: str
    name: str
    category: str | None = None


@dataclass(frozen=True)
class DeliveredLine:
    """What the desk reads of a line that left."""

    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveryShipped:
    """What the desk reads of a delivery note that left."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    lines: tuple[DeliveredLine, ...]


@dataclass(frozen=True)
class CameBack:
    """What the desk reads of a line that came back."""

    item_id: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()
    scrapped: Quantity | None = None


@dataclass(frozen=True)
class ReturnInspected:
    """What the desk reads of a return that is over."""

    return_id: str
    number: str
    delivery_id: str
    delivery_number: str
    order_id: str
    customer_id: str
    reason: str
    inspected_on: date
    lines: tuple[CameBack, ...]


@dataclass(frozen=True)
class ReturnRequested:
    """What the desk reads of a return that was asked for."""

    return_id: str
    number: str
    request_id: str | None = None


@dataclass(frozen=True)
class ReturnNotRequested:
    """What the desk reads of a return that it wanted and cannot have."""

    request_id: str
    detail: str


@dataclass(frozen=True)
class ReturnDecided:
    """What the desk reads of what was said to a return."""

    return_id: str
    state: str
    answer: str | None = None


@dataclass(frozen=True)
class ReturnReceived:
    """What the desk reads of a return that arrived."""

    return_id: str


@dataclass(frozen=True)
class DeliveryDelayed:
    """What the desk reads of an order whose promised day has passed."""

    order_id: str
    order_number: str
    customer_id: str | None
    promised_on: date
    waits_for: str


@dataclass(frozen=True)
class ShortLine:
    """What the desk reads of a line of which less left."""

    sku: str
    missing: Quantity
    reason: str


@dataclass(frozen=True)
class ShortShipped:
    """What the desk reads of a delivery that left with less."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    lines: tuple[ShortLine, ...]


@subscriptions.on("inventory.item.registered.v1", ItemDetails)
@subscriptions.on("inventory.item.details_changed.v1", ItemDetails)
def item_described(tx: Transaction, view: ItemDetails, message: Message) -> None:
    """Note what the item is called."""
    keep_item(tx, Item(view.item_id, view.sku, view.name, view.category), message.sequence)


@subscriptions.on("inventory.delivery.shipped.v1", DeliveryShipped)
@subscriptions.on("inventory.delivery.recorded.v1", DeliveryShipped)
def delivery_shipped(tx: Transaction, view: DeliveryShipped, message: Message) -> None:
    """Note what the customer holds from now on, whether it left here or was brought in from another system."""
    command = NoteShipment(
        delivery_id=view.delivery_id,
        delivery_number=view.number,
        order_id=view.order_id,
        order_number=view.order_number,
        customer_id=view.customer_id,
        shipped_on=view.shipped_on,
        correlation_id=message.correlation_id,
        lines=[ShippedLine(**vars(line)) for line in view.lines],
    )
    note_shipment(tx, command)


@subscriptions.on("inventory.return.requested.v1", ReturnRequested)
def return_requested(tx: Transaction, view: ReturnRequested, message: Message) -> None:
    """Note the return that a ticket asked for."""
    if view.request_id is not None:
        news = {"document_id": view.return_id, "document_number": view.number}
        note_document(tx, view.request_id, message.sequence, "requested", **news)


@subscriptions.on("inventory.return.not_requested.v1", ReturnNotRequested)
def return_not_requested(tx: Transaction, view: ReturnNotRequested, message: Message) -> None:
    """Note why nothing comes back."""
    note_document(tx, view.request_id, message.sequence, "refused", detail=view.detail)


@subscriptions.on("inventory.return.decided.v1", ReturnDecided)
def return_decided(tx: Transaction, view: ReturnDecided, message: Message) -> None:
    """Note what was said to the return."""
    state = cast("DocumentState", view.state)
    note_return_document(tx, view.return_id, message.sequence, state, view.answer)


@subscriptions.on("inventory.return.received.v1", ReturnReceived)
def return_received(tx: Transaction, view: ReturnReceived, message: Message) -> None:
    """Note that the goods are there."""
    note_return_document(tx, view.return_id, message.sequence, "received")


def subscriptions_by_day(company_day: Callable[[datetime], date]) -> Subscriptions:
    """Return the handlers of what opens tickets by itself, on the company's day."""
    by_day = Subscriptions("service_desk")

    @by_day.on("inventory.return.inspected.v1", ReturnInspected)
    def return_inspected(tx: Transaction, view: ReturnInspected, message: Message) -> None:
        """Note what the customer does not hold any more; look into it where any of it is scrap.

        What a ticket asked back is looked into already.
        """
        lines = [ReturnedLine(line.item_id, line.quantity, line.lot, line.serials) for line in view.lines]
        note_return(tx, NoteReturn(view.delivery_id, view.inspected_on, lines))
        of_ticket = note_return_document(
            tx, view.return_id, message.sequence, "inspected", result_of(_results(view))
        )
        if not of_ticket and any(line.scrapped for line in view.lines if line.scrapped is not None):
            open_for_return(tx, _bad(view, message), company_day(tx.now))

    @by_day.on("inventory.delivery.delayed.v1", DeliveryDelayed)
    def delivery_delayed(tx: Transaction, view: DeliveryDelayed, message: Message) -> None:
        """Look after the customer who waits."""
        if view.customer_id is not None:
            open_for_delay(tx, _late(view, view.customer_id, message), company_day(tx.now))

    @by_day.on("inventory.delivery.short_shipped.v1", ShortShipped)
    def short_shipped(tx: Transaction, view: ShortShipped, message: Message) -> None:
        """Look after the customer who got less."""
        reasons = [line.reason for line in view.lines]
        open_for_short(tx, _short(view, message), reasons, company_day(tx.now))

    return by_day


def _results(view: ReturnInspected) -> list[tuple[Quantity, Quantity]]:
    """Return of each line what came back, and what of it is scrap."""
    return [(line.quantity, line.scrapped or Quantity.zero()) for line in view.lines]


def _bad(view: ReturnInspected, message: Message) -> Happening:
    return Happening(
        cause="bad_return",
        about=view.return_id,
        customer_id=view.customer_id,
        order_id=view.order_id,
        document_id=view.return_id,
        document_number=view.number,
        conversation=message.correlation_id,
        subject=bad_subject(view.number),
        description=bad_description(view.reason, view.delivery_number),
    )


def _late(view: DeliveryDelayed, customer_id: str, message: Message) -> Happening:
    return Happening(
        cause="late_delivery",
        about=f"{view.order_id} {view.promised_on.isoformat()}",
        customer_id=customer_id,
        order_id=view.order_id,
        document_id=view.order_id,
        document_number=view.order_number,
        conversation=message.correlation_id,
        subject=late_subject(view.order_number),
        description=late_description(view.promised_on, view.waits_for),
    )


def _short(view: ShortShipped, message: Message) -> Happening:
    return Happening(
        cause="short_shipment",
        about=view.delivery_id,
        customer_id=view.customer_id,
        order_id=view.order_id,
        document_id=view.delivery_id,
        document_number=view.number,
        conversation=message.correlation_id,
        subject=short_subject(view.number),
        description=short_description([(each.sku, str(each.missing), each.reason) for each in view.lines]),
    )
