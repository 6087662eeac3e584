"""Hold an order with its reason, release it by itself, escalate it when nobody did."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from services.sales.domain import holds as rules
from services.sales.domain.holds import Hold, HoldCode
from services.sales.domain.order import Order
from services.sales.events import OrderHeld, OrderHoldEscalated, OrderHoldReleased
from services.sales.store import backorders, holds, orders
from services.sales.use_cases.telling import locked_head, tell


def hold_order(tx: Transaction, order_id: str, code: HoldCode, figures: dict[str, str], *, days: int) -> None:
    """Place the hold, or bring the figures of the one that is open up to date; unchanged ones are not told."""
    order = locked_head(tx, order_id)
    found = holds.find_open(tx.connection, order_id, code)
    if found is None:
        hold = rules.place(tx.new_id(), order_id, code, figures, tx.now, days)
        holds.add(tx, hold)
    elif found.figures != figures:
        hold = replace(found, figures=figures)
        holds.save(tx, hold)
    else:
        return
    orders.save(tx, order)
    held = OrderHeld(
        order_id=order.id,
        number=order.number,
        code=hold.code,
        figures=hold.figures,
        owner=hold.owner,
        since=hold.since,
        deadline=hold.deadline,
        releases_by=hold.releases_by,
    )
    tell(tx, order, held)


def release_hold(tx: Transaction, order_id: str, code: HoldCode, by: str) -> None:
    """Release the open hold of this code; without one, the usual case, there is nothing to do."""
    if holds.find_open(tx.connection, order_id, code) is None:
        return
    order = locked_head(tx, order_id)
    found = holds.find_open(tx.connection, order_id, code)
    if found is not None:
        release(tx, order, found, by)
        orders.save(tx, order)


def release(tx: Transaction, order: Order, hold: Hold, by: str) -> None:
    """Release ``hold`` of a locked order and tell of it; one for stock ends what its lines waited for."""
    if hold.code == "stock":
        backorders.replace_all(tx, order.id, ())
    holds.save(tx, rules.release(hold, by, tx.now))
    tell(tx, order, OrderHoldReleased(order.id, order.number, hold.code, by))


def escalate_overdue(tx: Transaction, limit: int) -> int:
    """Hand holds that outlived their deadline to the sales manager, with a new one; return how many."""
    overdue = sorted(holds.overdue(tx.connection, tx.now, limit))
    return sum(_escalate(tx, order_id, code) for order_id, code in overdue)


def _escalate(tx: Transaction, order_id: str, code: HoldCode) -> bool:
    order = locked_head(tx, order_id)
    found = holds.find_open(tx.connection, order_id, code)
    escalated = None if found is None else rules.escalate(found, tx.now)
    if escalated is None:
        return False
    holds.save(tx, escalated)
    orders.save(tx, order)
    tell(tx, order, OrderHoldEscalated(order.id, order.number, code, escalated.owner, escalated.deadline))
    return True
