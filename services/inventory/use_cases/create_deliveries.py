"""Make the delivery notes of a confirmed order, one per warehouse that holds a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from libs.common.db import Transaction, next_number
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.amending import promised_after
from services.inventory.domain.delivery import Delivery, backorder, made_after, milli_by_line
from services.inventory.domain.delivery_credit import CheckRule, CreditState
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation
from services.inventory.events import DeliveryCreated, DeliveryLine
from services.inventory.store import deliveries, delivery_checks, requeueing, reservations
from services.inventory.use_cases.ask_credit import ask_about


def create_deliveries(
    tx: Transaction,
    order_id: str,
    *,
    customer_id: str,
    promised_on: date | None,
    confirmed_at: datetime | None = None,
    credit_since: datetime | None = None,
) -> list[Delivery]:
    """Turn what the order has reserved into delivery notes that are ready, once; ``Later`` before it is reserved.

    Where its stock was taken back meanwhile, or it waits for a part, the notes of that come with the stock.
    ``credit_since``: it is sold on credit.
    """
    found = reservations.lock_to_deliver(tx.connection, order_id)
    if found is None or (found[0].state == "waiting" and found[0].reserved_at is None):
        raise Later(f"the stock of order {order_id} is not reserved yet")
    confirmed = replace(
        found[0],
        customer_id=customer_id,
        promised_on=promised_on or found[0].promised_on,
        confirmed_at=confirmed_at,
        credit_since=credit_since,
    )
    if confirmed.in_queue:
        reservations.confirm_waiting(tx, replace(confirmed, confirmed_at=confirmed_at or tx.now))
    if confirmed.state != "reserved" and not (confirmed.state == "partial" and confirmed.sends_parts):
        return []
    return first_notes(tx, confirmed, reservations.held_without_note(tx.connection, confirmed), found[1])


def first_notes(
    tx: Transaction, confirmed: Reservation, held: Iterable[Allocation], check: CheckRule
) -> list[Delivery]:
    """Make the first notes of a locked order, of all that it holds."""
    by_warehouse: dict[str, list[Allocation]] = {}
    for part in held:
        by_warehouse.setdefault(part.key.warehouse_id, []).append(part)
    return [
        add_delivery(tx, _draft(tx, confirmed, warehouse_id, lines, check))
        for warehouse_id, lines in sorted(by_warehouse.items())
    ]


def _draft(
    tx: Transaction, reservation: Reservation, warehouse_id: str, lines: list[Allocation], check: CheckRule
) -> Delivery:
    return Delivery(
        id=tx.new_id(),
        number="",
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        customer_id=reservation.customer_id or "",
        warehouse_id=warehouse_id,
        correlation_id=reservation.correlation_id,
        state="ready",
        lines=tuple(lines),
        promised_on=reservation.promised_on,
        ordered_at=reservation.ordered_at,
        reserved_at=reservation.reserved_at,
        confirmed_at=reservation.confirmed_at,
        took_ms=made_after(reservation, tx.now),
        credit_since=reservation.credit_since,
        check=check,
    )


def further_notes(
    tx: Transaction, before: Delivery, held: Iterable[Allocation], promised_on: date | None
) -> list[Delivery]:
    """Make notes of what an order that had notes holds besides, for whom and on which terms ``before`` was made.

    How long the order waited for its first note was measured then.
    """
    by_warehouse: dict[str, list[Allocation]] = {}
    for part in held:
        by_warehouse.setdefault(part.key.warehouse_id, []).append(part)
    return [
        add_delivery(
            tx,
            replace(backorder(before, tx.new_id(), lines), backorder_of=None, promised_on=promised_on),
        )
        for _, lines in sorted(by_warehouse.items())
    ]


def notes_of(tx: Transaction, reservation: Reservation, parts: Sequence[Allocation]) -> list[Delivery]:
    """Make the notes of ``parts``, which a locked order was given out of the queue, if it is confirmed.

    How long the order waited for its first note was measured then; one that was confirmed since has its first now, and
    one that is not confirmed yet gets it by that.
    """
    before = requeueing.last_note(tx.connection, reservation.order_id)
    if before is None:
        if reservation.confirmed_at is None:
            return []
        return first_notes(tx, reservation, parts, delivery_checks.rule_now(tx.connection))
    return further_notes(tx, before, parts, promised_after(reservation, before))


def add_delivery(tx: Transaction, draft: Delivery) -> Delivery:
    """Give ``draft`` the next number, store it and tell of it; ask finance about it where its rule says so."""
    number = f"DN-{next_number(tx, 'delivery'):06d}"
    credit: CreditState = "asked" if draft.lacks_credit(tx.now) else "not_needed"
    delivery = replace(draft, number=number, credit=credit)
    deliveries.add(tx, delivery)
    items = {line.order_line_id: line.key.item_id for line in delivery.lines}
    lines = tuple(
        DeliveryLine(order_line_id, items[order_line_id], Quantity(milli))
        for order_line_id, milli in milli_by_line(delivery.lines).items()
    )
    event = DeliveryCreated(
        delivery_id=delivery.id,
        number=delivery.number,
        order_id=delivery.order_id,
        order_number=delivery.order_number,
        customer_id=delivery.customer_id,
        warehouse_id=delivery.warehouse_id,
        lines=lines,
        promised_on=delivery.promised_on,
        backorder_of=delivery.backorder_of,
    )
    publish(tx, event, correlation_id=delivery.correlation_id)
    if credit == "asked":
        ask_about(tx, delivery)
    return delivery
