"""Looking at orders, and whether one has been decided upon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, or_, select

from libs.common.db import Prepared, matches
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order import Order
from services.sales.reports.own_fields import OwnField, saying
from services.sales.reports.visible import visible_to
from services.sales.reports.whose import EVERYBODYS, Whose
from services.sales.store import holds, orders
from services.sales.store.tables import order_hold, sales_order

_IS_HELD = exists().where(order_hold.c.order_id == sales_order.c.id, order_hold.c.released_at.is_(None))
_THIS = sales_order.c.id == bindparam("of_id")
_DECIDED = Prepared(select(or_(sales_order.c.state != "pending", _IS_HELD)).where(_THIS))
_OVER = Prepared(select(sales_order.c.state.in_(("done", "cancelled"))).where(_THIS))
_LATEST = Prepared(
    select(*orders.COLUMNS)
    .where(sales_order.c.customer_id == bindparam("of_customer"))
    .order_by(sales_order.c.id.desc())
    .limit(bindparam("most"))
)
_CANCEL_DECIDED = Prepared(
    select(or_(sales_order.c.state == "cancelled", sales_order.c.cancel_requested_at.is_(None))).where(_THIS)
)


@dataclass(frozen=True)
class OrderSearch:
    """What to look for; ``since`` and ``until`` bound the day of the order, ``hold`` is the code of an open hold."""

    state: str | None = None
    customer_id: str | None = None
    number: str | None = None
    hold: str | None = None
    order_type: str | None = None
    since: date | None = None
    until: date | None = None
    only_owner: str | None = None
    own: OwnField | None = None
    whose: Whose = EVERYBODYS


def one_order(connection: Connection, order_id: str, *, only_owner: str | None) -> Order:
    """Return an order with lines and holds; refuse one of a customer whom the caller may not know of."""
    found = orders.find(connection, order_id, only_owner)
    if found is None:
        raise OrderNotFound(f"there is no order {order_id}")
    return found


def list_orders(
    connection: Connection, wanted: OrderSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[Order]:
    """Return up to ``limit`` orders with holds but without lines, the latest first, those after ``after``."""
    own = saying(connection, wanted.own, sales_order.c.quotation_id)
    statement = select(*orders.COLUMNS).where(*_conditions(wanted), *own)
    if after is not None:
        (order_id,) = after
        statement = statement.where(sales_order.c.id < order_id)
    rows = connection.execute(statement.order_by(sales_order.c.id.desc()).limit(limit))
    return with_holds(connection, [orders.from_row(row) for row in rows])


def latest_orders(connection: Connection, customer_id: str, limit: int) -> list[Order]:
    """Return up to ``limit`` orders of a customer with holds but without lines, the latest first."""
    rows = connection.execute(_LATEST, {"of_customer": customer_id, "most": limit})
    return with_holds(connection, [orders.from_row(row) for row in rows])


def with_holds(connection: Connection, found: list[Order]) -> list[Order]:
    """Return the orders together with their holds."""
    held = holds.of_orders(connection, [order.id for order in found])
    return [replace(order, holds=held.get(order.id, ())) for order in found]


def _conditions(wanted: OrderSearch) -> list[ColumnElement[bool]]:
    found = [visible_to(wanted.only_owner, sales_order.c.customer_id), *wanted.whose.holds()]
    if wanted.state is not None:
        found.append(matches(sales_order.c.state, wanted.state))
    if wanted.customer_id is not None:
        found.append(sales_order.c.customer_id == wanted.customer_id)
    if wanted.number is not None:
        found.append(sales_order.c.number == wanted.number)
    if wanted.order_type is not None:
        found.append(sales_order.c.order_type == wanted.order_type)
    if wanted.hold is not None:
        still_open = (order_hold.c.code == wanted.hold) & order_hold.c.released_at.is_(None)
        found.append(sales_order.c.id.in_(select(order_hold.c.order_id).where(still_open)))
    if wanted.since is not None:
        found.append(sales_order.c.ordered_on >= wanted.since)
    if wanted.until is not None:
        found.append(sales_order.c.ordered_on <= wanted.until)
    return found


def is_decided(connection: Connection, order_id: str) -> bool:
    """Tell whether a placed order is confirmed, holding or cancelled: what its customer waits to hear."""
    return connection.execute(_DECIDED, {"of_id": order_id}).scalar_one_or_none() is not False


def is_cancel_decided(connection: Connection, order_id: str) -> bool:
    """Tell whether an order that was to be cancelled is, or goes on because its goods were faster."""
    return connection.execute(_CANCEL_DECIDED, {"of_id": order_id}).scalar_one_or_none() is not False


def is_over(connection: Connection, order_id: str) -> bool:
    """Tell whether an order is done or cancelled."""
    return connection.execute(_OVER, {"of_id": order_id}).scalar_one_or_none() is not False
