"""Price policies."""

from __future__ import annotations

from libs.common.money import Price
from meridian.importing.batch import Batch, group_by
from meridian.importing.reading import Row
from services.sales.domain.policy import PolicyLine
from services.sales.reports.natural_keys import customers_by_number, items_by_sku, policy_names
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy

_HEAD = ("currency", "customer", "valid_from", "valid_until")


def prices(batch: Batch) -> None:
    """Define each policy out of its rows, which must agree in all but item, quantity and price."""
    items = items_by_sku(batch.tx.connection)
    customers = customers_by_number(batch.tx.connection)
    fresh = batch.fresh(policy_names(batch.tx.connection), lambda row: row["policy"], "policy")
    for name, rows in group_by(fresh, "policy").items():
        _agree(batch, rows)
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
                        valid_from=rows[0]["valid_from"],
                        valid_until=rows[0]["valid_until"],
                    ),
                )
                batch.taken += len(rows) - 1


def _agree(batch: Batch, rows: list[Row]) -> None:
    for row in rows[1:]:
        for column in _HEAD:
            if row[column] != rows[0][column]:
                batch.complain(row, column, f"differs from line {rows[0].line} of the same policy")


def _line(batch: Batch, row: Row, items: dict[str, str]) -> PolicyLine | None:
    item_id = batch.look_up(row, "sku", items, "item")
    try:
        price = Price.of(row["unit_price"], row["currency"])
    except ValueError as error:
        batch.complain(row, "unit_price", str(error))
        return None
    return None if item_id is None else PolicyLine(item_id, row["min_quantity"], price)
