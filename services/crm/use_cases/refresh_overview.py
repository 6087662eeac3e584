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
    found = {each: Overview(**_joined([part.get(each, {}) for part in parts])) for each in kept}
    overviews.put(tx, {each: (currencies.get(each), seen) for each, seen in found.items()}, window.today)
    return len(kept)


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


def rank_customers(tx: Transaction, places: list[dict[str, Any]]) -> int:
    """Let customers have the places and segments that are theirs among all, and return how many there were."""
    overviews.place(tx, places)
    return len(places)
