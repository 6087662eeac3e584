"""Shipments of the past."""

from __future__ import annotations

from libs.common.importing import Batch, Document, Row, group_by
from services.inventory.domain.history import PastDelivery, PastLine
from services.inventory.reports.natural_keys import delivery_numbers, orders_by_number, recorded_lines
from services.inventory.settings import read_settings
from services.inventory.use_cases.bring_in_deliveries import bring_in_deliveries

_NOTE = ("order", "shipped_on")
_COLUMNS = {"order_id": "order", "order_line_id": "line_no"}


def shipments(batch: Batch) -> None:
    """Write each delivery note down out of its rows, which must agree on the order and the day."""
    connection = batch.tx.connection
    numbers = batch.cells("order")
    orders, lines = orders_by_number(connection, numbers), recorded_lines(connection, numbers)
    fresh = batch.fresh(
        delivery_numbers(connection, batch.cells("number")), lambda row: row["number"], "number"
    )
    past: list[PastDelivery] = []
    documents: list[Document] = []
    for rows in group_by(fresh, "number").values():
        order_id = batch.look_up(rows[0], "order", orders, "order")
        if batch.agree(rows, _NOTE, "delivery note") and order_id is not None:
            parts = tuple(_part(batch, row, lines) for row in rows)
            past.append(PastDelivery(rows[0]["number"], order_id, rows[0]["shipped_on"], parts))
            documents.append(Document(batch, rows[0], rows))
    if documents:
        today = batch.tx.now.astimezone(read_settings().company_zone).date()
        with batch.taking_all(documents, _COLUMNS):
            bring_in_deliveries(batch.tx, past, today)


def _part(batch: Batch, row: Row, lines: dict[tuple[str, int], str]) -> PastLine:
    """Return what left of a line; of one that is not known the store will say so."""
    line_id = lines.get((row["order"], row["line_no"]), "")
    return PastLine(line_id, row["quantity"], row["lot"])
