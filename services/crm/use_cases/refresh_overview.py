"""Work out the figures of customers anew, and the place of each among all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libs.common.db import Transaction
from services.crm.domain.overview import Overview, Window
from services.crm.store import overview_sources as sources
from services.crm.store import overviews


def refresh_overview(tx: Transaction, customers: Sequence[str], window: Window) -> int:
    """Work out these customers and return how many there were.

    Their rows are kept first: what is heard of them meanwhile waits, and lets them be worked out once more.
    """
    kept = overviews.lock(tx, customers)
    currencies = sources.currencies(tx.connection, kept)
    parts = (
        sources.orders(tx.connection, kept, window),
        sources.invoices(tx.connection, kept, window.today),
        sources.tickets(tx.connection, kept, window.since),
        sources.opportunities(tx.connection, kept),
        sources.risks(tx.connection, kept),
    )
    for each in kept:
        told = {name: value for part in parts for name, value in part.get(each, {}).items()}
        overviews.put(tx, each, currencies.get(each), Overview(**told), window.today)
    return len(kept)


def rank_customers(tx: Transaction, places: list[dict[str, Any]]) -> int:
    """Let customers have the places and segments that are theirs among all, and return how many there were."""
    overviews.place(tx, places)
    return len(places)
