"""Price policies."""

from __future__ import annotations

from libs.common.importing import Batch, Format, Row, group_by, may, must, values
from libs.common.money import Price
from services.sales.domain.policy import PolicyLine
from services.sales.reports.natural_keys import customers_by_number, items_by_sku, policy_names
from services.sales.use_cases.define_price_policy import DefinePricePolicy, define_price_policy

PRICES = Format("prices", "sales", ("policy", "sku", "min_quantity"), (
    must("policy", values.words(200), "Name of the price policy; its rows belong together", "List 2026"),
    must("currency", values.currency, "Currency of the policy", "USD"),
    may("customer", values.words(32), "Number of the customer it is for; empty for all"),
    may("customer_group", values.words(40), "Group of customers it is for; empty for all"),
    may("channel", values.words(40), "Sales channel it is for; empty for all"),
    may("region", values.words(40), "Region it is for; empty for all"),
    may("valid_from", values.day, "First day", "2026-01-01"),
    may("valid_until", values.day, "Last day"),
    must("sku", values.words(64), "Item", "VALVE-A"),
    must("min_quantity", values.quantity, "From this quantity on", "1"),
    must("unit_price", values.amount, "Price of one, up to 4 decimals", "14.00"),
), belongs_by=("policy",))  # fmt: skip
_AIMS = ("customer_group", "channel", "region")
_HEAD = ("currency", "customer", *_AIMS, "valid_from", "valid_until")


def prices(batch: Batch) -> None:
    """Define each policy out of its rows, which must agree in all but item, quantity and price."""
    items = items_by_sku(batch.tx.connection, batch.cells("sku"))
    customers = customers_by_number(batch.tx.connection, batch.cells("customer"))
    known = policy_names(batch.tx.connection, batch.cells("policy"))
    fresh = batch.fresh(known, lambda row: row["policy"], "policy")
    for rows in group_by(fresh, "policy").values():
        _define(batch, rows, items, customers)


def _define(batch: Batch, rows: list[Row], items: dict[str, str], customers: dict[str, str]) -> None:
    """Define one policy, where all that its rows name is known."""
    head = rows[0]
    agreed = batch.agree(rows, _HEAD, "policy")
    lines = [line for row in rows if (line := _line(batch, row, items)) is not None]
    customer_id = batch.look_up(head, "customer", customers, "customer") if head["customer"] else None
    if not agreed or len(lines) < len(rows) or (head["customer"] and customer_id is None):
        return
    with batch.taking(head):
        define_price_policy(
            batch.tx,
            DefinePricePolicy(
                name=head["policy"],
                currency=head["currency"],
                lines=tuple(lines),
                by=batch.tx.cause.actor or "import",
                customer_id=customer_id,
                **{name: head[name] for name in _AIMS},
                valid_from=head["valid_from"],
                valid_until=head["valid_until"],
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
