"""Looking at changes of orders."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from libs.common.approvals import Approval, find
from services.sales.domain.change_errors import ChangeNotFound
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order_change import OrderChange
from services.sales.store import order_changes, orders
from services.sales.store.change_tables import order_change


def one_change(connection: Connection, order_id: str, no: int, *, only_owner: str | None) -> OrderChange:
    """Return a change of an order that the caller may know of."""
    _require_order(connection, order_id, only_owner)
    found = order_changes.numbered(connection, order_id, no)
    if found is None:
        raise ChangeNotFound(f"there is no change {no} of this order")
    return found


def list_changes(
    connection: Connection,
    order_id: str,
    *,
    only_owner: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[OrderChange]:
    """Return up to ``limit`` changes of an order, the latest first, those after ``after``."""
    _require_order(connection, order_id, only_owner)
    query = select(order_change).where(order_change.c.order_id == order_id)
    if after is not None:
        query = query.where(order_change.c.no < after[0])
    rows = connection.execute(query.order_by(order_change.c.no.desc()).limit(limit)).all()
    return order_changes.with_lines(connection, rows)


def _require_order(connection: Connection, order_id: str, only_owner: str | None) -> None:
    if orders.head(connection, order_id, only_owner) is None:
        raise OrderNotFound(f"there is no order {order_id}")


def approval_of(connection: Connection, change: OrderChange) -> Approval | None:
    """Return the approval that a change waits for, or was approved by."""
    return None if change.approval_id is None else find(connection, change.approval_id)


def is_settled(connection: Connection, change_id: str) -> bool:
    """Tell whether a change is decided, or says what it waits for."""
    found = order_changes.find(connection, change_id)
    if found is None or found.state != "checking":
        return True
    return found.figures is not None and found.outcome is None
