"""What inventory does about orders: reserve on command, release on command, deliver what was confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.inventory.domain.stock import WantedLine
from services.inventory.use_cases.amend_reservation import AmendReservation, amend_reservation
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.hand_over import hand_over
from services.inventory.use_cases.record_order import RecordedLine, RecordOrder, record_order
from services.inventory.use_cases.release_stock import ReleaseStock, release_stock
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock

subscriptions = Subscriptions("inventory")


@dataclass(frozen=True)
class RequestedLine:
    """What inventory reads of a line to reserve."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@dataclass(frozen=True)
class ReserveRequest:
    """What inventory reads of ``inventory.reserve_stock.v1``."""

    order_id: str
    order_number: str
    customer_id: str
    lines: tuple[RequestedLine, ...]
    ordered_on: date | None = None
    promised_on: date | None = None
    ship_complete: bool = False
    may_wait: bool = True
    source: str = "stock"
    takes_part: bool = False


@dataclass(frozen=True)
class ReleaseRequest:
    """What inventory reads of ``inventory.release_stock.v1``."""

    order_id: str
    reason: str


@dataclass(frozen=True)
class OrderConfirmed:
    """What inventory reads of ``sales.order.confirmed.v1``."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    lines: tuple[RequestedLine, ...]
    promised_on: date | None = None
    handover: str = "delivery"
    source: str = "stock"
    payment: str = "on_account"


@dataclass(frozen=True)
class LineRecorded:
    """What inventory reads of a line of an order that was brought in."""

    order_line_id: str
    line_no: int
    item_id: str
    quantity: Quantity


@dataclass(frozen=True)
class OrderRecorded:
    """What inventory reads of ``sales.order.recorded.v1``."""

    order_id: str
    number: str
    customer_id: str
    lines: tuple[LineRecorded, ...]
    ordered_on: date | None = None
    promised_on: date | None = None


def subscriptions_by_day(company_day: Callable[[datetime], date]) -> Subscriptions:
    """Return the handlers that promise stock: what has expired on the company's day is promised to nobody."""
    by_day = Subscriptions("inventory")

    @by_day.on("inventory.reserve_stock.v1", ReserveRequest)
    def reserve(tx: Transaction, view: ReserveRequest, message: Message) -> None:
        reserve_requested(tx, view, message, company_day(tx.now))

    @by_day.on("inventory.amend_reservation.v1", AmendReservation)
    def amend(tx: Transaction, view: AmendReservation, message: Message) -> None:
        """Let stock and delivery notes be as the order's change says, or refuse, and answer."""
        amend_reservation(tx, view, company_day(tx.now))

    return by_day


def reserve_requested(
    tx: Transaction, view: ReserveRequest, message: Message, today: date | None = None
) -> None:
    """Reserve, queue or reject, and answer."""
    lines = tuple(WantedLine(line.order_line_id, line.item_id, line.quantity) for line in view.lines)
    command = ReserveStock(
        order_id=view.order_id,
        order_number=view.order_number,
        customer_id=view.customer_id,
        correlation_id=message.correlation_id,
        lines=lines,
        ordered_on=view.ordered_on,
        promised_on=view.promised_on,
        ordered_at=message.time,
        ship_complete=view.ship_complete,
        may_wait=view.may_wait,
        source=view.source,
        takes_part=view.takes_part,
        today=today,
    )
    reserve_stock(tx, command)


@subscriptions.on("inventory.release_stock.v1", ReleaseRequest)
def release_requested(tx: Transaction, view: ReleaseRequest, message: Message) -> None:
    """Release what the order holds, and answer."""
    release_stock(tx, ReleaseStock(view.order_id, view.reason, message.correlation_id))


@subscriptions.on("sales.order.confirmed.v1", OrderConfirmed)
def order_confirmed(tx: Transaction, view: OrderConfirmed, message: Message) -> None:
    """Make the order's delivery notes; at the counter, hand it over; where the supplier sends it, ask him to."""
    # What is paid before it leaves, or as it does, needs no credit.
    credit_since = message.time if view.payment == "on_account" else None
    if view.source == "supplier":
        _ask_supplier(tx, view, message.correlation_id, credit_since)
        return
    if view.handover == "counter":
        hand_over(
            tx, view.order_id, customer_id=view.customer_id, on=view.ordered_on, credit_since=credit_since
        )
        return
    create_deliveries(
        tx,
        view.order_id,
        customer_id=view.customer_id,
        promised_on=view.promised_on,
        confirmed_at=message.time,
        credit_since=credit_since,
    )


def _ask_supplier(
    tx: Transaction, view: OrderConfirmed, conversation: str, credit_since: datetime | None
) -> None:
    wanted = ReserveStock(
        order_id=view.order_id,
        order_number=view.number,
        customer_id=view.customer_id,
        correlation_id=conversation,
        lines=tuple(WantedLine(line.order_line_id, line.item_id, line.quantity) for line in view.lines),
        ordered_on=view.ordered_on,
        promised_on=view.promised_on,
        source=view.source,
        credit_since=credit_since,
    )
    reserve_stock(tx, wanted)


@subscriptions.on("sales.order.recorded.v1", OrderRecorded)
def order_recorded(tx: Transaction, view: OrderRecorded, message: Message) -> None:
    """Keep an order of another system, for its past deliveries."""
    command = RecordOrder(
        order_id=view.order_id,
        order_number=view.number,
        customer_id=view.customer_id,
        correlation_id=message.correlation_id,
        lines=tuple(RecordedLine(**vars(line)) for line in view.lines),
        ordered_on=view.ordered_on,
        promised_on=view.promised_on,
    )
    record_order(tx, command)
