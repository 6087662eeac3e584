"""The tables of the figures: what each order counts for, and its sums by day, by item and by customer.

A word that is not known (no salesperson, no channel) is the empty one, so that it can stand in a key.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table

from libs.common.db.types import Currency, Id
from services.sales.store.tables import metadata

counted_order = Table(
    "counted_order",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("salesperson", String(64), nullable=False),
    Column("region", String(40), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("customer_group", String(40), nullable=False),
    Column("orders", Integer, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("costed_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("campaign", String(36), nullable=False, server_default=""),
    CheckConstraint("orders IN (0, 1)", name="counted_order_counts_once"),
    CheckConstraint("orders = 1 OR net_minor = 0", name="counted_order_counts_nothing"),
    Index("counted_order_by_day", "day", "order_id"),
    Index("counted_order_by_customer", "customer_id", "orders", "day"),
    Index("counted_order_by_salesperson", "salesperson", "day"),
)
counted_line = Table(
    "counted_line",
    metadata,
    Column("line_id", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("milli", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("costed_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Index("counted_line_by_order", "order_id"),
    Index("counted_line_by_item", "item_id", "order_id"),
)


def _by_day(name: str, *first: Column[Any]) -> Table:
    """Return a table of sums by day, currency and words, and by what stands ``first`` in its key."""
    return Table(
        name,
        metadata,
        *first,
        Column("day", Date, primary_key=True),
        Column("currency", Currency, primary_key=True),
        Column("salesperson", String(64), primary_key=True),
        Column("region", String(40), primary_key=True),
        Column("channel", String(40), primary_key=True),
        Column("customer_group", String(40), primary_key=True),
        Column("orders", BigInteger, nullable=False),
        Column("net_minor", BigInteger, nullable=False),
        Column("costed_minor", BigInteger, nullable=False),
        Column("cost_minor", BigInteger, nullable=False),
    )


day_figure = _by_day("day_figure")
campaign_day = _by_day("campaign_day", Column("campaign", String(36), primary_key=True))
"""Of orders that are owed to a campaign only: what is left of ``day_figure`` is owed to none."""

item_month = Table(
    "item_month",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("currency", Currency, primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("milli", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("costed_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
)
buyer_month = Table(
    "buyer_month",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("currency", Currency, primary_key=True),
    Column("customer_id", Id, primary_key=True),
    Column("orders", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Index("buyer_month_by_customer", "customer_id", "month"),
)
seller_month = Table(
    "seller_month",
    metadata,
    Column("salesperson", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("currency", Currency, primary_key=True),
    Column("campaign", String(36), primary_key=True),
    Column("customer_id", Id, primary_key=True),
    Column("orders", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Index("seller_month_by_campaign", "campaign", "month"),
)
"""``buyer_month`` once more by who sold and by what it is owed to: of whom a team or a campaign sold to."""

buyer = Table(
    "buyer",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("orders", BigInteger, nullable=False),
    Column("first_on", Date),
    Column("last_on", Date),
    CheckConstraint("orders >= 0", name="buyer_orders"),
    CheckConstraint("(orders = 0) = (first_on IS NULL)", name="buyer_has_a_first_day"),
    Index("buyer_by_first_day", "first_on"),
)
