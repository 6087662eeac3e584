"""Cancel an order: note the wish, and carry it out once nothing is held for the order any more."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from services.sales.domain import order as rules
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order import Order
from services.sales.domain.progress import close_short, has_shipped
from services.sales.domain.versions import require_version
from services.sales.events import GivenUpLine, OrderCancelled, OrderClosedShort
from services.sales.store import holds, orders, promotions
from services.sales.use_cases.follow_ticket import tell_ticket_order
from services.sales.use_cases.hold_order import release
from services.sales.use_cases.record_progress import save_progress
from services.sales.use_cases.telling import locked_head, locked_order, tell

RELEASED_BY = "sales.order.cancelled"
PART_HAD_LEFT = "a part had left before the warehouse heard of the cancel; the rest was given up"


@dataclass(frozen=True)
class CancelOrder:
    """Which order is to be cancelled and why; ``only_owner`` as in ``IssueQuotation``."""

    order_id: str
    reason: str
    only_owner: str | None = None
    expected_version: int | None = None


def order_shown_to(tx: Transaction, order_id: str, only_owner: str | None) -> Order:
    """Return the head of an order that the caller may know of, not locked."""
    found = orders.head(tx.connection, order_id, only_owner)
    if found is None:
        raise OrderNotFound(f"there is no order {order_id}")
    return found


def note_cancel(tx: Transaction, command: CancelOrder) -> Order:
    """Note that the order is to be cancelled; refuse once goods have been shipped."""
    order = locked_head(tx, command.order_id)
    require_version(order.number, order.version, command.expected_version)
    rules.check_cancellable(order)
    if order.cancel_requested_at is not None:
        return order
    return orders.save(tx, rules.request_cancel(order, command.reason, tx.now))


def finish_cancel(tx: Transaction, order_id: str, reason: str, detail: str | None) -> Order:
    """Cancel the order, for which nothing is reserved or held any more, and tell of it.

    Where a part left before the warehouse heard of the cancel, that part stays sold and the rest is given up; a coupon
    is then used, else its use is given back.
    """
    order = locked_order(tx, order_id)
    for hold in holds.of_order(tx.connection, order_id):
        if hold.is_open:
            release(tx, order, hold, RELEASED_BY)
    if has_shipped(order):
        return _close_short(tx, order, reason)
    cancelled = orders.save(tx, rules.cancel(order, reason, detail))
    promotions.give_coupon_back(tx, order_id)
    tell(tx, cancelled, OrderCancelled(order.id, order.number, reason, detail))
    tell_ticket_order(tx, cancelled, "cancelled", detail or reason)
    return cancelled


def _close_short(tx: Transaction, order: Order, reason: str) -> Order:
    closed = save_progress(tx, order, close_short(order, reason, PART_HAD_LEFT))
    lines = tuple(GivenUpLine(line.id, line.item_id, line.given_up) for line in closed.lines if line.given_up)
    tell(tx, closed, OrderClosedShort(order.id, order.number, reason, lines))
    return closed


def give_cancel_up(tx: Transaction, order_id: str) -> Order:
    """Forget the wish to cancel: the goods left before it reached the warehouse."""
    return orders.save(tx, rules.resume(locked_head(tx, order_id)))
