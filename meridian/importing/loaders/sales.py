"""Price policies, and orders of the past."""

from __future__ import annotations

from functools import lru_cache

from libs.common.money import Price
from meridian.importing.batch import Batch, Document, group_by
from meridian.importing.reading import Row
from services.sales.domain.amounts import basis_points
from services.sales.domain.history import PastLine, PastOrder
from services.sales.domain.policy import PolicyLine
from services.sales.reports.natural_keys import (
    customers_by_number,
    items_by_sku,
    order_lines,
    order_numbers,
    policy_names,
)
from services.sales.settings import read_settings, read_terms
from services.sales.use_cases.bring_in_orders import bring_in_orders
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy

_COLUMNS = {"customer_id": "customer", "item_id": "sku"}
_AIMS = ("customer_group", "channel", "region")
_HEAD = ("currency", "customer", *_AIMS, "valid_from", "valid_until")
# Few prices and discounts stand on many lines.
_price = lru_cache(maxsize=4096)(Price.of)
_discount_bp = lru_cache(maxsize=1024)(basis_points)


def prices(batch: Batch) -> None:
    """Define each policy out of its rows, which must agree in all but item, quantity and price."""
    items = items_by_sku(batch.tx.connection, batch.cells("sku"))
    customers = customers_by_number(batch.tx.connection, batch.cells("customer"))
    fresh = batch.fresh(
        policy_names(batch.tx.connection, batch.cells("policy")), lambda row: row["policy"], "policy"
    )
    for name, rows in group_by(fresh, "policy").items():
        batch.agree(rows, _HEAD, "policy")
        lines = [line for row in rows if (line := _line(batch, row, items)) is not None]
        customer_id = (
            batch.look_up(rows[0], "customer", customers, "customer") if rows[0]["customer"] else None
        )
        if len(lines) == len(rows):
            with batch.taking(rows[0]):
                define_price_policy(
                    batch.tx,
                    DefinePricePolicy(
                        name=name,
                        currency=rows[0]["currency"],
                        lines=tuple(lines),
                        by="import",
                        customer_id=customer_id,
                        **{name: rows[0][name] for name in _AIMS},
                        valid_from=rows[0]["valid_from"],
                        valid_until=rows[0]["valid_until"],
                    ),
                )
                batch.taken += len(rows) - 1


def _line(batch: Batch, row: Row, items: dict[str, str]) -> PolicyLine | None:
    item_id = batch.look_up(row, "sku", items, "item")
    try:
        price = Price.of(row["unit_price"], row["currency"])
    except ValueError as error:
        batch.complain(row, "unit_price", str(error))
        return None
    return None if item_id is None else PolicyLine(item_id, row["min_quantity"], price)


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
