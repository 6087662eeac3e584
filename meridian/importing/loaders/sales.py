"""Orders of the past."""

from __future__ import annotations

from functools import lru_cache

from libs.common.importing import Batch, Document, Row, group_by
from libs.common.money import Price
from services.sales.domain.amounts import basis_points
from services.sales.domain.history import PastLine, PastOrder
from services.sales.reports.natural_keys import (
    customers_by_number,
    items_by_sku,
    order_lines,
    order_numbers,
)
from services.sales.settings import read_settings, read_terms
from services.sales.use_cases.bring_in_orders import bring_in_orders

_COLUMNS = {"customer_id": "customer", "item_id": "sku"}
# Few prices and discounts stand on many lines.
_price = lru_cache(maxsize=4096)(Price.of)
_discount_bp = lru_cache(maxsize=1024)(basis_points)


def orders(batch: Batch) -> None:
    """Write each order down with its lines, which stand in a file of their own."""
    connection = batch.tx.connection
    lines = batch.parts["order_lines"]
    known = order_numbers(connection, batch.cells("number") | lines.cells("order"))
    fresh = list(batch.fresh(known, lambda row: row["number"], "number"))
    by_order = group_by(_fresh_lines(batch, lines, known), "order")
    customers = customers_by_number(connection, batch.cells("customer"))
    items = items_by_sku(connection, lines.cells("sku"))
    past: list[PastOrder] = []
    documents: list[Document] = []
    for row in fresh:
        rows = by_order.get(row["number"], [])
        order = _past_order(batch, row, rows, customers, items)
        if order is not None:
            past.append(order)
            documents.append(Document(batch, row, rows, lines))
    if documents:
        with batch.taking_all(documents, _COLUMNS):
            bring_in_orders(batch.tx, past, read_terms(read_settings()), by="import")


def _fresh_lines(batch: Batch, lines: Batch, known: set[str]) -> list[Row]:
    """Return the lines of orders that are new; of an order that is there, a line is there already or may not be."""
    named = {row["number"] for row in batch.rows}
    present = order_lines(batch.tx.connection, known)
    fresh = []
    for row in lines.fresh(present, lambda row: (row["order"], row["line_no"]), "line_no"):
        if row["order"] in known:
            lines.complain(row, "line_no", f"order {row['order']!r} is there already, without this line")
        elif row["order"] not in named:
            lines.complain(row, "order", f"{row['order']!r} does not stand in {batch.file}")
        else:
            fresh.append(row)
    return fresh


def _past_order(
    batch: Batch, row: Row, rows: list[Row], customers: dict[str, str], items: dict[str, str]
) -> PastOrder | None:
    customer_id = batch.look_up(row, "customer", customers, "customer")
    past = [_past_line(batch.parts["order_lines"], line, row["currency"], items) for line in rows]
    lines = tuple(line for line in past if line is not None)
    if customer_id is None or len(lines) < len(rows):
        return None
    return PastOrder(
        row["number"], customer_id, row["currency"], row["ordered_on"], lines, row["promised_on"]
    )


def _past_line(lines: Batch, row: Row, currency: str, items: dict[str, str]) -> PastLine | None:
    item_id = lines.look_up(row, "sku", items, "item")
    try:
        price = _price(row["unit_price"], currency)
    except ValueError as error:
        lines.complain(row, "unit_price", str(error))
        return None
    if item_id is None:
        return None
    return PastLine(row["line_no"], item_id, row["quantity"], price, _discount_bp(row["discount_percent"]))
