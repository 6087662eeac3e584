"""Reserve stock for an order: everything, what there is, or a place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from libs.common.db import Transaction, next_number
from libs.common.errors import Later
from libs.common.outbox import publish
from services.inventory.domain import reservation as rules
from services.inventory.domain.items import Item
from services.inventory.domain.queue import covers, part_of
from services.inventory.domain.queue_rule import sequence_of
from services.inventory.domain.reservation import Reservation, ReservationLine, reject_reason
from services.inventory.domain.stock import (
    StockRow,
    WantedLine,
    allocate,
    available_by_item,
    by_stock_row,
    wanted_by_item,
)
from services.inventory.events import StockFreed
from services.inventory.store import items, queue, queue_rules, reservations, stock
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.hold_part import hold_part
from services.inventory.use_cases.respect_shelf_life import wanted_until
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.source_order import source_order
from services.inventory.use_cases.tell_reservation import (
    answer_again,
    tell_rejected,
    tell_reserved,
    tell_sourcing,
    tell_waiting,
)

QUEUE = "waiting_order"
"""The series of places among all who wait for stock."""


@dataclass(frozen=True)
class ReserveStock:
    """What an order wants ``today``; ``correlation_id`` is the conversation that the order belongs to.

    One that may not wait for what is missing is rejected; one that ``takes_part`` holds what there is and waits for the
    rest only. ``credit_since``: it is sold on credit, and confirmed.
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
    takes_part: bool = False


def reserve_stock(tx: Transaction, command: ReserveStock) -> Reservation:
    """Reserve every line, or what there is, or let the order wait, or reject it.

    A repetition is told the present state again.
    """
    known = items.lock(tx.connection, [line.item_id for line in command.lines])
    rejection = reject_reason(command.lines, known)
    if rejection is not None:
        return _reject(tx, command, rejection)
    if command.source != "stock":
        return _source(tx, command)
    return _reserve_or_wait(tx, command, known)


def _fill(
    tx: Transaction,
    reservation: Reservation,
    rows: list[StockRow],
    today: date,
) -> Reservation:
    """Allocate everything that a new ``reservation`` wants out of ``rows``, which must suffice, and tell of it."""
    until = wanted_until(tx, reservation, rows, today)
    allocations = allocate([line.wanted for line in reservation.lines], rows, on=today, until=until)
    if not stock.reserve(tx.connection, by_stock_row(allocations)):
        raise Later("the stock was changed by somebody who did not lock the item")
    reservations.add_allocations(tx.connection, reservation.id, allocations)
    reserved = rules.reserve(reservation, tx.now)
    tell_reserved(tx, reserved)
    return reserved


def _reserve_or_wait(tx: Transaction, command: ReserveStock, known: Mapping[str, Item]) -> Reservation:
    wants, today = wanted_by_item(command.lines), command.today or tx.now.date()
    rows, ahead = stock.supply(tx.connection, wants)
    if any(row.is_due(today) for row in rows):
        set_aside(tx, wants, today)
        rows, ahead = stock.supply(tx.connection, wants)
    if covers(wants, available_by_item(rows), ahead):
        reservation = _new(tx, command, state="reserved")
        return _fill(tx, reservation, rows, today) if _add(tx, reservation) else _again(tx, command)
    existing = reservations.of_order(tx.connection, command.order_id, lock=True)
    if existing is not None:
        return answer_again(tx, existing, today)
    if not command.may_wait:
        return _reject(tx, command, rules.out_of_stock(command.lines, known))
    return _wait(tx, command, known, rows, ahead)


def _wait(
    tx: Transaction,
    command: ReserveStock,
    known: Mapping[str, Item],
    rows: list[StockRow],
    ahead: Mapping[str, int],
) -> Reservation:
    """Give the order a place in the queue, and at once what there is if it takes a part."""
    wants = wanted_by_item(command.lines)
    queue_no = _place(tx, command)
    reservation = _new(tx, command, state="waiting", queue_no=queue_no)
    if not _add(tx, reservation):
        return _again(tx, command)
    there = part_of(wants, available_by_item(rows), ahead) if command.takes_part else {}
    if there:
        reservation = hold_part(tx, reservation, there, rows, command.today or tx.now.date())
    else:
        queue.enter(tx.connection, reservation.id, queue_no, wants)
        tell_waiting(tx, reservation, known)
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
    tell_rejected(tx, rejected, rejection.reason, rejection.detail)
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
        takes_part=command.takes_part,
        lines=tuple(ReservationLine(*line) for line in command.lines),
    )


def _add(tx: Transaction, reservation: Reservation) -> bool:
    return reservations.add(tx, reservation)


def _again(tx: Transaction, command: ReserveStock) -> Reservation:
    """Answer from what a faster transaction, such as an early release, has stored for this order."""
    existing = reservations.of_order(tx.connection, command.order_id, lock=True)
    if existing is None:
        raise Later("another message about this order is being handled")
    return answer_again(tx, existing, command.today or tx.now.date())
