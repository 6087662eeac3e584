"""The tables of the figures: what each order counts for, and its sums by day, by item and by customer.

A word that is not known (no salesperson, no channel) is the empty one, so that it can stand in a key.
"""

from __future__ import annotations

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
    CheckConstraint("orders IN (0, 1)", name="counted_order_counts_once"),
    CheckConstraint("orders = 1 OR net_minor = 0", name="counted_order_counts_nothing"),
    Index("counted_order_by_day", "day", "order_id"),
    Index("counted_order_by_customer", "customer_id", "orders", "day"),
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
day_figure = Table(
    "day_figure",
    metadata,
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
