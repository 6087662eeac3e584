"""Which orders are late, and of which of them it was told."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, exists, select

from libs.common.db import Transaction, upsert_into
from services.inventory.domain.delay import UNFILLED
from services.inventory.store.fulfilment_tables import delay_notice, missing_part
from services.inventory.store.tables import reservation

LOOKS_BACK = timedelta(days=31)
"""How long after its day a late order is noticed at most: a look is then as long as a month, not as all history."""


def late_orders(connection: Connection, today: date, limit: int) -> list[str]:
    """Return up to ``limit`` orders whose promised day is over, with something to ship, of which nothing was told."""
    told = exists().where(
        delay_notice.c.order_id == reservation.c.order_id,
        delay_notice.c.promised_on == reservation.c.promised_on,
    )
    statement = (
        select(reservation.c.order_id)
        .where(
            reservation.c.promised_on < today,
            reservation.c.promised_on >= today - LOOKS_BACK,
            reservation.c.state.in_((*UNFILLED, "reserved")),
            ~told,
        )
        .order_by(reservation.c.promised_on, reservation.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def note(tx: Transaction, order_id: str, promised_on: date, waits_for: str, today: date) -> bool:
    """Note that it is told of a late order; false when somebody was faster."""
    row = {
        "order_id": order_id,
        "promised_on": promised_on,
        "waits_for": waits_for,
        "noticed_on": today,
        "recorded_at": tx.now,
    }
    statement = upsert_into(tx.connection, delay_notice).values(**row).on_conflict_do_nothing()
    return tx.connection.execute(statement.returning(delay_notice.c.order_id)).first() is not None


def lacks_again(connection: Connection, reservation_id: str) -> bool:
    """Tell whether a reserved order waits for goods that were not on the shelf."""
    statement = select(missing_part.c.order_line_id).where(missing_part.c.reservation_id == reservation_id)
    return connection.execute(statement.limit(1)).first() is not None
