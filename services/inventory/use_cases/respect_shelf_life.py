"""Respect how long lots must still last: as stock is promised, and at the door.

Most items have no day, and then nothing is read: the usual reservation costs no statement more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from libs.common.db import Transaction
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.shelf_life import days_by_item, good_until, require_lasting
from services.inventory.domain.stock import Allocation, StockKey, StockRow
from services.inventory.store import shelf_lives


def wanted_until(
    tx: Transaction, reservation: Reservation, rows: Iterable[StockRow], today: date
) -> dict[str, date]:
    """Return the day that lots of each item must reach for an order, by its promised day; of those with a demand."""
    dated = {row.key.item_id for row in rows if row.expires_on is not None}
    if not dated:
        return {}
    days = days_by_item(shelf_lives.about(tx.connection, reservation.customer_id, dated), dated)
    return good_until(days, max(today, reservation.promised_on or today))


def require_lasting_for(
    tx: Transaction,
    note: Delivery,
    lines: Sequence[Allocation],
    last_days: Mapping[StockKey, date],
    day: date,
    fields: Mapping[StockKey, str],
) -> None:
    """Refuse lots that do not last long enough from ``day`` on for a note's customer, unless it was allowed."""
    dated = {line.key.item_id for line in lines if line.key in last_days}
    if not dated:
        return
    days = days_by_item(shelf_lives.about(tx.connection, note.customer_id or None, dated), dated)
    if days:
        allowed = shelf_lives.allowed(tx.connection, note.order_id)
        require_lasting(lines, last_days, day, days, allowed, fields)
