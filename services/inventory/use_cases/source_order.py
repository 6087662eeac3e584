"""Get what one order wants for it alone: a requisition for each of its lines, and an end to them when it is off."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import Later
from services.inventory.domain import requisition as requisition_rules
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.sourcing import missing_of, where_to
from services.inventory.store import customers, picking, requisitions, reservations, supply, warehouses
from services.inventory.use_cases.approving import lapse_waiting
from services.inventory.use_cases.cover_shortage import OrderNeed, raise_requisition, tell_ended


def source_order(tx: Transaction, reservation: Reservation) -> None:
    """Ask for what an order lacks and nobody is asked for yet; those items are locked. ``Later`` without a warehouse.

    What the supplier sends on is asked for to the piece and says where it goes; what comes to the house may be rounded
    up to what the supplier sells, and the rest is free stock.
    """
    warehouse_id = warehouses.default_id(tx.connection)
    if warehouse_id is None:
        raise Later("there is no warehouse yet for which something could be bought")
    policies = supply.policies(tx.connection, reservation.item_ids)
    note = _note(tx, reservation)
    asked = requisitions.alive_lines(tx.connection, reservation.order_id)
    for line, lack in missing_of(reservation.lines, picking.claims(tx.connection, reservation.id)):
        if line.order_line_id in asked:
            continue
        policy = policies[line.item_id]
        exact = reservation.source == "supplier"
        quantity = lack if exact else policy.order_quantity(lack.milli)
        need = OrderNeed(reservation.order_id, line.order_line_id, note)
        raise_requisition(tx, policy, warehouse_id, "order", lack.milli, quantity, need)


def _note(tx: Transaction, reservation: Reservation) -> str:
    if reservation.source != "supplier":
        return f"For order {reservation.order_number}"
    found = (
        None if reservation.customer_id is None else customers.find(tx.connection, reservation.customer_id)
    )
    known = () if found is None else (found.name, found.number, found.city, found.country)
    return f"Send to {where_to(reservation.order_number, *known)}"


def source_again(tx: Transaction, order_ids: set[str]) -> None:
    """Ask anew for what orders lack although what was asked for them is over; their items are locked."""
    for order_id in sorted(order_ids):
        found = reservations.of_order(tx.connection, order_id, lock=True)
        if found is not None and found.state == "sourcing":
            source_order(tx, found)


def end_sourcing(tx: Transaction, order_id: str, reason: str) -> None:
    """Ask for nothing more for an order that is off; what is on its way for it will be free stock."""
    unordered = requisitions.unordered_of_order(tx.connection, order_id)
    ended = [requisition_rules.cancel(each, reason[:1000] or "the order is off") for each in unordered]
    for each in requisitions.save(tx, ended):
        lapse_waiting(tx, each.approval_id, each.reason or "the order is off")
        tell_ended(tx, each)
