"""Reserve stock for an order: everything, or a place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from libs.common.db import Transaction, next_number
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import reservation as rules
from services.inventory.domain.items import Item
from services.inventory.domain.queue import covers, missing_lines
from services.inventory.domain.queue_rule import sequence_of
from services.inventory.domain.reservation import Reservation, ReservationLine, reject_reason
from services.inventory.domain.sourcing import missing_of
from services.inventory.domain.stock import (
    StockRow,
    WantedLine,
    allocate,
    available_by_item,
    by_stock_row,
    wanted_by_item,
)
from services.inventory.events import (
    ReservationRejected,
    ReservationReserved,
    ReservationWaiting,
    ReservedLine,
    StockFreed,
    WaitingLine,
)
from services.inventory.store import items, queue, queue_rules, reservations, stock
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.respect_shelf_life import wanted_until
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.source_order import source_order

QUEUE = "waiting_order"
"""The series of places among all who wait for stock."""


@dataclass(frozen=True)
class ReserveStock:
    """What an order wants ``today``; ``correlation_id`` is the conversation that the order belongs to.

    One that may not wait for what is missing is rejected. ``credit_since``: it is sold on credit, and confirmed.
    """

    order_id: str
    order_number: str
    customer_id: str
    correlation_id: str
    lines: tuple[WantedLine, ...]
    ordered_on: date | None = None
    promised_on: date | None = None
    ordered_at: datetime | None = None
    ship_complete: bool = False
    may_wait: bool = True
    source: str = "stock"
    today: date | None = None
    credit_since: datetime | None = None


def reserve_stock(tx: Transaction, command: ReserveStock) -> Reservation:
    """Reserve every line, or let the order wait, or reject it; a repetition is told the present state again."""
    known = items.lock(tx.connection, [line.item_id for line in command.lines])
    rejection = reject_reason(command.lines, known)
    if rejection is not None:
        return _reject(tx, command, rejection)
    if command.source != "stock":
        return _source(tx, command)
    return _reserve_or_wait(tx, command, known)


def fill(
    tx: Transaction,
    reservation: Reservation,
    rows: list[StockRow],
    today: date,
    served_by: str | None = None,
) -> Reservation:
    """Allocate everything that ``reservation`` wants out of ``rows``, which must suffice, and tell of it.

    ``served_by`` says by which rule it was its turn, when it has waited.
    """
    until = wanted_until(tx, reservation, rows, today)
    allocations = allocate([line.wanted for line in reservation.lines], rows, on=today, until=until)
    if not stock.reserve(tx.connection, by_stock_row(allocations)):
        raise Later("the stock was changed by somebody who did not lock the item")
    reservations.add_allocations(tx.connection, reservation.id, allocations)
    reserved = rules.reserve(reservation, tx.now)
    tell_reserved(tx, reserved, served_by)
    return reserved


def answer_again(tx: Transaction, reservation: Reservation) -> Reservation:
    """Tell the asker what became of the order, as it stands now."""
    match reservation.state:
        case "reserved" | "consumed":
            tell_reserved(tx, reservation)
        case "sourcing":
            tell_sourcing(tx, reservation)
        case "waiting":
            _tell_waiting(tx, reservation, items.lock(tx.connection, reservation.item_ids))
        case "rejected":
            _tell_rejected(tx, reservation, reservation.reason or "rejected", reservation.detail or "")
        case "released":
            detail = f"the reservation was given up: {reservation.reason or 'no reason given'}"
            _tell_rejected(tx, reservation, "released", detail)
        case "recorded":
            _tell_rejected(tx, reservation, "recorded", "the order was brought in from another system")
    return reservation


def _reserve_or_wait(tx: Transaction, command: ReserveStock, known: Mapping[str, Item]) -> Reservation:
    wants, today = wanted_by_item(command.lines), command.today or tx.now.date()
    rows, ahead = stock.supply(tx.connection, wants)
    if any(row.is_due(today) for row in rows):
        set_aside(tx, wants, today)
        rows, ahead = stock.supply(tx.connection, wants)
    if covers(wants, available_by_item(rows), ahead):
        reservation = _new(tx, command, state="reserved")
        return fill(tx, reservation, rows, today) if _add(tx, reservation) else _again(tx, command)
    existing = reservations.of_order(tx.connection, command.order_id, lock=True)
    if existing is not None:
        return answer_again(tx, existing)
    if not command.may_wait:
        return _reject(tx, command, rules.out_of_stock(command.lines, known))
    queue_no = _place(tx, command)
    reservation = _new(tx, command, state="waiting", queue_no=queue_no)
    if not _add(tx, reservation):
        return _again(tx, command)
    queue.enter(tx.connection, reservation.id, queue_no, wants)
    _tell_waiting(tx, reservation, known)
    cover_shortage(tx, wants, may_grow=True)
    if queue_no != sequence_of(queue_no):
        # By the rule the order may stand ahead of somebody for whom stock was kept.
        for item_id in sorted(wants):
            publish(tx, StockFreed(item_id, "reordered"))
    return reservation


def _source(tx: Transaction, command: ReserveStock) -> Reservation:
    """Leave what is there to others, and ask for all of it anew for this order."""
    reservation = _new(tx, command, state="sourcing")
    if not _add(tx, reservation):
        return _again(tx, command)
    source_order(tx, reservation)
    if command.source == "to_order":
        tell_sourcing(tx, reservation)
    return reservation


def _place(tx: Transaction, command: ReserveStock) -> int:
    """Return the next place in the queue. The series is kept first, then the rule is read: see ``set_queue_rule``."""
    sequence = next_number(tx, QUEUE)
    rule = queue_rules.current(tx.connection)
    if rule.version == 0:
        return sequence
    group = queue_rules.group_of(tx.connection, command.customer_id)
    return rule.place(group, command.promised_on, sequence)


def _reject(tx: Transaction, command: ReserveStock, rejection: rules.Rejection) -> Reservation:
    rejected = _new(tx, command, state="rejected")
    # Lines that name unknown items cannot be stored; the reason says which.
    rejected = replace(rejected, lines=(), reason=rejection.reason, detail=rejection.detail)
    if not _add(tx, rejected):
        return _again(tx, command)
    _tell_rejected(tx, rejected, rejection.reason, rejection.detail)
    return rejected


def _new(
    tx: Transaction, command: ReserveStock, *, state: rules.ReservationState, queue_no: int | None = None
) -> Reservation:
    return Reservation(
        id=tx.new_id(),
        order_id=command.order_id,
        order_number=command.order_number,
        customer_id=command.customer_id,
        correlation_id=command.correlation_id,
        state=state,
        ordered_on=command.ordered_on,
        promised_on=command.promised_on,
        queue_no=queue_no,
        ordered_at=command.ordered_at,
        reserved_at=tx.now if state == "reserved" else None,
        ship_complete=command.ship_complete,
        source=command.source,
        credit_since=command.credit_since,
        lines=tuple(ReservationLine(*line) for line in command.lines),
    )


def _add(tx: Transaction, reservation: Reservation) -> bool:
    return reservations.add(tx, reservation)


def _again(tx: Transaction, command: ReserveStock) -> Reservation:
    """Answer from what a faster transaction, such as an early release, has stored for this order."""
    existing = reservations.of_order(tx.connection, command.order_id, lock=True)
    if existing is None:
        raise Later("another message about this order is being handled")
    return answer_again(tx, existing)


def tell_sourcing(tx: Transaction, reservation: Reservation) -> None:
    """Tell what has still to come in for an order that is got for it alone; nobody is ahead of it."""
    known = items.known(tx.connection, reservation.item_ids)
    lacks = missing_of(reservation.lines, reservations.held(tx.connection, reservation.id))
    event = ReservationWaiting(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        queue_position=1,
        lines=tuple(
            WaitingLine(
                line.order_line_id,
                line.item_id,
                known[line.item_id].sku,
                line.quantity,
                line.quantity - lack,
                lack,
            )
            for line, lack in lacks
        ),
        releases_by="inventory.purchase_order.received",
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def tell_reserved(tx: Transaction, reservation: Reservation, served_by: str | None = None) -> None:
    """Tell that everything is reserved for the order; ``served_by`` says which rule served it, if it had waited."""
    lines = tuple(ReservedLine(line.order_line_id, line.item_id, line.quantity) for line in reservation.lines)
    event = ReservationReserved(
        reservation.id, reservation.order_id, reservation.order_number, lines, served_by
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def _tell_waiting(tx: Transaction, reservation: Reservation, known: Mapping[str, Item]) -> None:
    connection, ahead_of = tx.connection, (reservation.queue_no or 1) - 1
    item_ids = reservation.item_ids
    missing = missing_lines(
        [line.wanted for line in reservation.lines],
        available_by_item(stock.rows(connection, item_ids)),
        queue.wanted(connection, item_ids, up_to=ahead_of),
    )
    event = ReservationWaiting(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        queue_position=queue.count(connection, item_ids, up_to=ahead_of) + 1,
        lines=tuple(
            WaitingLine(
                line.order_line_id,
                line.item_id,
                known[line.item_id].sku,
                line.quantity,
                Quantity.zero(),
                lack,
            )
            for line, lack in missing
        ),
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def _tell_rejected(tx: Transaction, reservation: Reservation, reason: str, detail: str) -> None:
    event = ReservationRejected(reservation.order_id, reason, detail)
    publish(tx, event, correlation_id=reservation.correlation_id)
