"""Serve every queue whose item is in stock, in case the fact that should have done it is parked."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.inventory.reports.queues import items_waited_for_in_stock
from services.inventory.use_cases.assign_components import serve_components
from services.inventory.use_cases.serve_waiting import serve_waiting

EVERY = timedelta(seconds=60)


def serve_queues(database: Database, zone: ZoneInfo) -> None:
    """Serve item by item, each in transactions of its own."""
    today = database.clock.now().astimezone(zone).date()
    for item_id in database.read(items_waited_for_in_stock):
        _serve(database, item_id, today)


def _serve(database: Database, item_id: str, today: date) -> None:
    database.transact(lambda tx: serve_waiting(tx, item_id, today=today))
    database.transact(lambda tx: serve_components(tx, item_id, today=today))
