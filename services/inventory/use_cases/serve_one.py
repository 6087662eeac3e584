"""Give one in the queue what it is its turn to get."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from libs.common.db import Transaction
from services.inventory.domain.reservation import Reservation
from services.inventory.store import queue_rules, reservations, stock
from services.inventory.use_cases.hold_part import hold_part
from services.inventory.use_cases.serve_missing import serve_missing


def serve(
    tx: Transaction, reservation_id: str, gets: Mapping[str, int], today: date, why: str | None = None
) -> None:
    """Let an order in the queue hold ``gets`` (milli by item), which is there; ``why``, if not by the rule."""
    reservation = reservations.of_id(tx.connection, reservation_id, lock=True)
    # What its supplier sends on may be picked, and found short, before all of it has come.
    if reservation is not None and reservation.state in ("reserved", "sourcing"):
        serve_missing(tx, reservation, today)
        return
    if reservation is None or not reservation.in_queue:
        raise RuntimeError(f"reservation {reservation_id} is in a queue but does not wait")
    rows = stock.rows(tx.connection, gets)
    hold_part(tx, reservation, gets, rows, today, why or _by_rule(tx, reservation))


def _by_rule(tx: Transaction, reservation: Reservation) -> str:
    """Say by which rule it was an order's turn."""
    rule = queue_rules.current(tx.connection)
    group = queue_rules.group_of(tx.connection, reservation.customer_id) if reservation.customer_id else None
    return rule.reason(group, reservation.promised_on)
