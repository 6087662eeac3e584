"""Give what came in of a purchase order to the orders that it was got for, before anybody else can have it."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.db import Transaction
from services.inventory.domain import reservation as rules
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.delivery_credit import NEVER
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.sourcing import Arrived, give, missing_of
from services.inventory.domain.stock import Allocation, by_stock_row
from services.inventory.store import delivery_checks, picking, reservations, stock
from services.inventory.use_cases.create_deliveries import add_delivery
from services.inventory.use_cases.tell_reservation import tell_reserved, tell_sourcing


def give_to_orders(
    tx: Transaction, arrived: Iterable[tuple[str, Arrived]], *, sent_on: bool = False
) -> list[Delivery]:
    """Promise each order what ``arrived`` for it; the items are locked. Return the notes that were made of it.

    An order that is got together first leaves when all is there. What the supplier was to send on and came here instead
    leaves from here, note by note, with finance's yes where the rule wants it; what was ``sent_on`` has left already.
    What an order does not want any more stays free.
    """
    by_order: dict[str, list[Arrived]] = {}
    for order_id, part in arrived:
        by_order.setdefault(order_id, []).append(part)
    notes: list[Delivery] = []
    for order_id, parts in sorted(by_order.items()):
        reservation = reservations.of_order(tx.connection, order_id, lock=True)
        if reservation is not None and reservation.state == "sourcing":
            notes += _give(tx, reservation, parts, sent_on=sent_on)
    return notes


def _give(
    tx: Transaction, reservation: Reservation, parts: list[Arrived], *, sent_on: bool
) -> list[Delivery]:
    expired = set(stock.set_aside_among(tx.connection, [part.key for part in parts]))
    good = [part for part in parts if part.key not in expired]
    given = give(reservation, picking.claims(tx.connection, reservation.id), good)
    if not given:
        return []
    if not stock.reserve(tx.connection, by_stock_row(given)):
        raise RuntimeError(f"what came in for order {reservation.order_number} was taken under lock")
    reservations.hold_more(tx.connection, reservation.id, given)
    if reservation.source == "supplier":
        return [_note(tx, reservation, given, sent_on=sent_on)]
    if missing_of(reservation.lines, reservations.held(tx.connection, reservation.id)):
        tell_sourcing(tx, reservation)
        return []
    reserved = rules.reserve(reservation, tx.now)
    reservations.save(tx.connection, reserved, tx.now)
    tell_reserved(tx, reserved)
    return []


def _note(
    tx: Transaction, reservation: Reservation, given: tuple[Allocation, ...], *, sent_on: bool
) -> Delivery:
    return add_delivery(
        tx,
        Delivery(
            id=tx.new_id(),
            number="",
            order_id=reservation.order_id,
            order_number=reservation.order_number,
            customer_id=reservation.customer_id or "",
            warehouse_id=given[0].key.warehouse_id,
            correlation_id=reservation.correlation_id,
            state="ready",
            lines=given,
            promised_on=reservation.promised_on,
            credit_since=None if sent_on else reservation.credit_since,
            check=NEVER if sent_on else delivery_checks.rule_now(tx.connection),
        ),
    )
