"""What came of opportunities: the quotations drawn up for them, and how every order fares.

An order is followed whether it comes of an opportunity or not: finance may speak of it before sales does, and only
sales says which quotation it comes of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from libs.common.db import Transaction, Upsert
from libs.common.money import Money
from services.crm.domain.followed_order import Placed
from services.crm.store.pipeline_tables import followed_order, opportunity_quotation

_COUNTED = ("invoiced_minor", "credited_minor", "paid_minor")
_TOLD = ("number", "customer_id", "quotation_id", "opportunity_id", "ordered_on", "currency", "total_minor")
_ADD = Upsert(
    followed_order,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["order_id"],
        set_={name: followed_order.c[name] + insert.excluded[name] for name in _COUNTED}
        | {name: func.coalesce(insert.excluded[name], followed_order.c[name]) for name in _TOLD}
        | {"updated_at": insert.excluded.updated_at},
    ),
)


def quoted(tx: Transaction, quotation_id: str, opportunity_id: str, number: str, total: Money) -> None:
    """Note a quotation of an opportunity."""
    statement = opportunity_quotation.insert().values(
        quotation_id=quotation_id,
        opportunity_id=opportunity_id,
        number=number,
        total_minor=total.minor,
        currency=total.currency,
        quoted_at=tx.now,
    )
    tx.connection.execute(statement)


def opportunity_of(connection: Connection, quotation_id: str) -> str | None:
    """Return the opportunity that a quotation was drawn up for, or nothing."""
    query = select(opportunity_quotation.c.opportunity_id).where(
        opportunity_quotation.c.quotation_id == quotation_id
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def placed(connection: Connection, order: Placed, now: datetime) -> None:
    """Note an order."""
    told = vars(order) | {"total_minor": order.total.minor, "currency": order.total.currency}
    del told["total"]
    _put(connection, now, **told)


def counted(
    connection: Connection,
    order_id: str,
    now: datetime,
    *,
    invoiced: int = 0,
    credited: int = 0,
    paid: int = 0,
) -> None:
    """Add to what was invoiced, credited and paid of an order, in minor units."""
    _put(
        connection, now, order_id=order_id, invoiced_minor=invoiced, credited_minor=credited, paid_minor=paid
    )


def amended(connection: Connection, order_id: str, total: Money, now: datetime) -> None:
    """Note an order's new total."""
    changed = followed_order.update().where(followed_order.c.order_id == order_id)
    connection.execute(changed.values(total_minor=total.minor, updated_at=now))


def ended(connection: Connection, order_id: str, state: str, now: datetime) -> None:
    """Note that an order is completed or cancelled."""
    changed = followed_order.update().where(followed_order.c.order_id == order_id)
    connection.execute(changed.values(state=state, updated_at=now))


def _put(connection: Connection, now: datetime, **values: Any) -> None:
    bare = dict.fromkeys(_TOLD) | dict.fromkeys(_COUNTED, 0) | {"state": "placed", "updated_at": now}
    connection.execute(_ADD.on(connection), bare | values)
