"""What each order counts for in the figures, and its sums by day, by item and by customer."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id

revision = "0017"
down_revision = "0016"
_SUMS = ("net_minor", "costed_minor", "cost_minor")
_WORDS = (("salesperson", 64), ("region", 40), ("channel", 40), ("customer_group", 40))

_ITEM_MONTHS = (
    "INSERT INTO item_month (month, currency, item_id, milli, net_minor, costed_minor, cost_minor) "
    "SELECT MONTH(o.day), o.currency, l.item_id, SUM(l.milli), SUM(l.net_minor), SUM(l.costed_minor), "
    "SUM(l.cost_minor) FROM counted_line l JOIN counted_order o ON o.order_id = l.order_id "
    "GROUP BY MONTH(o.day), o.currency, l.item_id"
)
_BUYER_MONTHS = (
    "INSERT INTO buyer_month (month, currency, customer_id, orders, net_minor) "
    "SELECT MONTH(o.day), o.currency, o.customer_id, COUNT(*), SUM(o.net_minor) "
    "FROM counted_order o GROUP BY MONTH(o.day), o.currency, o.customer_id"
)


def upgrade() -> None:
    """Create the tables and count the orders so far, each on the day on which it was ordered."""
    op.add_column("item", sa.Column("category", sa.String(120)))
    _create_counted()
    _create_sums()
    _create_buyers()
    _count_orders()
    _sum_up()


def downgrade() -> None:
    """Drop them."""
    for table in ("buyer", "buyer_month", "item_month", "day_figure", "counted_line", "counted_order"):
        op.drop_table(table)
    op.drop_column("item", "category")


def _create_counted() -> None:
    op.create_table(
        "counted_order",
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        *(sa.Column(word, sa.String(length), nullable=False) for word, length in _WORDS),
        sa.Column("orders", sa.Integer, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
        sa.CheckConstraint("orders IN (0, 1)", name="counted_order_counts_once"),
        sa.CheckConstraint("orders = 1 OR net_minor = 0", name="counted_order_counts_nothing"),
    )
    op.create_index("counted_order_by_day", "counted_order", ["day", "order_id"])
    op.create_index("counted_order_by_customer", "counted_order", ["customer_id", "orders", "day"])
    op.create_table(
        "counted_line",
        sa.Column("line_id", Id, primary_key=True),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("milli", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
    )
    op.create_index("counted_line_by_order", "counted_line", ["order_id"])
    op.create_index("counted_line_by_item", "counted_line", ["item_id", "order_id"])


def _create_sums() -> None:
    op.create_table(
        "day_figure",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        *(sa.Column(word, sa.String(length), primary_key=True) for word, length in _WORDS),
        sa.Column("orders", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
    )
    op.create_table(
        "item_month",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("milli", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
    )


def _create_buyers() -> None:
    op.create_table(
        "buyer_month",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
    )
    op.create_index("buyer_month_by_customer", "buyer_month", ["customer_id", "month"])
    op.create_table(
        "buyer",
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.Column("first_on", sa.Date),
        sa.Column("last_on", sa.Date),
        sa.CheckConstraint("orders >= 0", name="buyer_orders"),
        sa.CheckConstraint("(orders = 0) = (first_on IS NULL)", name="buyer_has_a_first_day"),
    )
    op.create_index("buyer_by_first_day", "buyer", ["first_on"])


def _count_orders() -> None:
    """Count lines before their order's sums; what was given up of a line bears its share of it, rounded half up."""
    op.execute(
        "INSERT INTO counted_line (line_id, order_id, item_id, milli, net_minor, costed_minor, cost_minor) "
        "SELECT line_id, order_id, item_id, milli, net, CASE WHEN cost IS NULL THEN 0 ELSE net END, "
        "COALESCE(cost, 0) FROM (SELECT l.id AS line_id, l.order_id AS order_id, l.item_id AS item_id, "
        "l.quantity_milli - l.given_up_milli AS milli, "
        "CASE WHEN l.given_up_milli = 0 THEN w.net ELSE (2 * w.net * (l.quantity_milli - l.given_up_milli) "
        "+ l.quantity_milli) / (2 * l.quantity_milli) END AS net, "
        "CASE WHEN l.given_up_milli = 0 THEN l.cost_minor ELSE (2 * l.cost_minor * (l.quantity_milli "
        "- l.given_up_milli) + l.quantity_milli) / (2 * l.quantity_milli) END AS cost "
        "FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id "
        "JOIN (SELECT x.id AS id, CASE WHEN y.tax_prices = 'inclusive' THEN x.amount_minor - x.tax_minor "
        "ELSE x.amount_minor END AS net FROM sales_order_line x JOIN sales_order y ON y.id = x.order_id) w "
        "ON w.id = l.id WHERE o.state IN ('confirmed', 'processing', 'done')) counted"
    )
    op.execute(
        "INSERT INTO counted_order (order_id, number, customer_id, day, currency, salesperson, region, channel, "
        "customer_group, orders, net_minor, costed_minor, cost_minor) "
        "SELECT o.id, o.number, o.customer_id, o.ordered_on, o.currency, COALESCE(c.owner_id, ''), "
        "COALESCE(c.region, ''), COALESCE(q.channel, ''), COALESCE(c.\"group\", ''), 1, "
        "s.net, s.costed, s.cost FROM sales_order o JOIN customer c ON c.id = o.customer_id "
        "LEFT JOIN quotation q ON q.id = o.quotation_id "
        "JOIN (SELECT order_id, SUM(net_minor) AS net, SUM(costed_minor) AS costed, SUM(cost_minor) AS cost "
        "FROM counted_line GROUP BY order_id) s ON s.order_id = o.id"
    )


def _sum_up() -> None:
    op.execute(
        "INSERT INTO day_figure (day, currency, salesperson, region, channel, customer_group, orders, net_minor, "
        "costed_minor, cost_minor) SELECT day, currency, salesperson, region, channel, customer_group, COUNT(*), "
        "SUM(net_minor), SUM(costed_minor), SUM(cost_minor) FROM counted_order "
        "GROUP BY day, currency, salesperson, region, channel, customer_group"
    )
    for statement in (_ITEM_MONTHS, _BUYER_MONTHS):
        op.execute(statement.replace("MONTH(o.day)", _month()))
    op.execute(
        "INSERT INTO buyer (customer_id, orders, first_on, last_on) "
        "SELECT customer_id, COUNT(*), MIN(day), MAX(day) FROM counted_order GROUP BY customer_id"
    )


def _month() -> str:
    postgres = op.get_bind().dialect.name == "postgresql"
    return "TO_CHAR(o.day, 'YYYY-MM')" if postgres else "SUBSTR(o.day, 1, 7)"
