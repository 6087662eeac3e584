"""What inventory does about its own facts: whenever stock becomes free, those who wait for it are served.

It listens to itself so that a receipt is booked at once, however many orders wait: they follow in transactions of
bounded size, and what is then told of them bears the receipt as its cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.inventory.use_cases.assign_components import serve_components
from services.inventory.use_cases.expire_stock import expire_stock
from services.inventory.use_cases.serve_waiting import serve_waiting


@dataclass(frozen=True)
class Received:
    """What is read of ``inventory.stock.received.v1``."""

    item_id: str


@dataclass(frozen=True)
class Freed:
    """What is read of ``inventory.stock.freed.v1``."""

    item_id: str
    after_queue_no: int = 0
    reason: str = ""


def subscriptions_by_day(company_day: Callable[[datetime], date]) -> Subscriptions:
    """Return the handlers of stock that became free; what has expired on the company's day serves nobody."""
    subscriptions = Subscriptions("inventory")

    @subscriptions.on("inventory.stock.received.v1", Received)
    def stock_received(tx: Transaction, view: Received, message: Message) -> None:
        """Serve the item's queue from its head, and the production orders in it."""
        today = company_day(tx.now)
        serve_waiting(tx, view.item_id, today=today)
        serve_components(tx, view.item_id, today=today)

    @subscriptions.on("inventory.stock.freed.v1", Freed)
    def stock_freed(tx: Transaction, view: Freed, message: Message) -> None:
        """Serve the item's queue from where it may have moved, and the production orders in it.

        Of what has expired the promises are taken back first; that is told again.
        """
        today = company_day(tx.now)
        if view.reason == "expired":
            expire_stock(tx, view.item_id, today)
            return
        serve_waiting(tx, view.item_id, after=view.after_queue_no, today=today)
        serve_components(tx, view.item_id, today=today)

    return subscriptions
