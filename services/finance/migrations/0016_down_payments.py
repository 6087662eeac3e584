"""Invoices on proof of delivery, down payments and what invoices deduct of them, and cash discounts."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0016"
down_revision = "0015"
CAP = 10**17
# (role, name, name in Chinese, kind, code in each chart)
ROLES = (
    ("in_transit", "Goods in transit", "发出商品", "asset", ("1310", "1210", "1406")),
    ("down_payments", "Down payments received", "合同负债", "liability", ("2110", "2035", "2205")),
    ("cash_discount", "Cash discounts granted", "现金折扣", "expense", ("6900", "6020", "660301")),
)
CHARTS = ("basic", "international", "china")
_DOWN_PAYMENT = ("sales_order_down_payment", "down_payment_bp BETWEEN 0 AND 9999")
_WAIVED = ("sales_order_line_waived", "waived_milli BETWEEN 0 AND quantity_milli - invoiced_milli")
_KIND = ("invoice_kind", "kind IN ('goods', 'down_payment')")
_DISCOUNT = ("invoice_discount", "discount_minor BETWEEN 0 AND total_minor")
_APPEND_ONLY = ("invoice_deduction", "cash_discount", "cash_discount_part", "arrival")


def upgrade() -> None:
    """Add the columns and tables; what was ordered and invoiced so far has none of it."""
    _columns()
    _down_payments()
    _discounts()
    _on_the_way()
    _play()
    for table in _APPEND_ONLY:
        _refuse(table, "DELETE")
        if table != "arrival":  # of which the return that it began is forgotten once it is inspected
            _refuse(table, "UPDATE")


def _columns() -> None:
    for table, column, check in (
        ("sales_order", "down_payment_bp INTEGER DEFAULT 0 NOT NULL", _DOWN_PAYMENT),
        ("sales_order_line", "waived_milli BIGINT DEFAULT 0 NOT NULL", _WAIVED),
        ("invoice", "kind VARCHAR(12) DEFAULT 'goods' NOT NULL", _KIND),
        ("invoice", "discount_minor BIGINT DEFAULT 0 NOT NULL", _DISCOUNT),
    ):
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {check[0]} CHECK ({check[1]})")
    op.add_column("invoice", sa.Column("discount_until", sa.Date))
    for name in ("discount_bp", "discount_days"):
        op.add_column("payment_terms", sa.Column(name, sa.Integer, nullable=False, server_default="0"))


def _tax_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("tax_code", sa.String(20)),
        sa.Column("tax_ppm", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tax_minor", sa.BigInteger, nullable=False, server_default="0"),
    )


def _bounded(name: str, *columns: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(" AND ".join(f"{column} BETWEEN 0 AND {CAP}" for column in columns), name=name)


def _down_payments() -> None:
    op.create_table(
        "down_payment",
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.order_id"), primary_key=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False, unique=True),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
        sa.Column("left_net_minor", sa.BigInteger, nullable=False),
        sa.Column("left_tax_minor", sa.BigInteger, nullable=False),
        sa.Column("company_currency", Currency),
        sa.Column("company_minor", sa.BigInteger),
        _bounded("down_payment_amounts", "net_minor", "left_net_minor", "left_tax_minor"),
        sa.CheckConstraint("left_net_minor <= net_minor", name="down_payment_left"),
    )
    op.create_table(
        "invoice_deduction",
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), primary_key=True),
        sa.Column("order_line_id", Id, sa.ForeignKey("sales_order_line.order_line_id"), primary_key=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        *_tax_columns(),
        _bounded("invoice_deduction_amounts", "amount_minor", "tax_minor"),
    )
    op.create_index("invoice_deduction_by_order_line", "invoice_deduction", ["order_line_id"])


def _discounts() -> None:
    op.create_table(
        "cash_discount",
        sa.Column("id", Id, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("number", sa.String(48), nullable=False, unique=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("payment_id", Id, sa.ForeignKey("payment.id")),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("posted_on", sa.Date, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint("kind IN ('granted', 'reversed')", name="cash_discount_kind"),
        sa.CheckConstraint(
            "(kind = 'granted') = (payment_id IS NOT NULL)", name="cash_discount_by_a_payment"
        ),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="cash_discount_amount"),
    )
    op.create_index("cash_discount_by_invoice", "cash_discount", ["invoice_id"])
    granted = sa.text("kind = 'granted'")
    op.create_index(
        "cash_discount_granted_once",
        "cash_discount",
        ["invoice_id"],
        unique=True,
        postgresql_where=granted,
        sqlite_where=granted,
    )
    op.create_index("cash_discount_by_customer", "cash_discount", ["customer_id", "id"])
    op.create_index("cash_discount_by_day", "cash_discount", ["posted_on"])
    op.create_table(
        "cash_discount_part",
        sa.Column("discount_id", Id, sa.ForeignKey("cash_discount.id"), primary_key=True),
        sa.Column("part_no", sa.Integer, primary_key=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        *_tax_columns(),
        _bounded("cash_discount_part_amounts", "amount_minor", "tax_minor"),
    )


def _on_the_way() -> None:
    op.create_table(
        "travelling",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("order_line_id", Id, sa.ForeignKey("sales_order_line.order_line_id"), primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.order_id"), nullable=False),
        sa.Column("delivery_number", sa.Text, nullable=False),
        sa.Column("shipped_on", sa.Date, nullable=False),
        sa.Column("shipped_milli", Milli, nullable=False),
        sa.Column("left_milli", Milli, nullable=False),
        sa.Column("refused_milli", Milli, nullable=False),
        sa.Column("back_before_milli", Milli, nullable=False),
        sa.Column("cost_currency", Currency),
        sa.Column("cost_left_minor", sa.BigInteger),
        sa.CheckConstraint("left_milli BETWEEN 0 AND shipped_milli", name="travelling_left"),
        sa.CheckConstraint("refused_milli BETWEEN 0 AND left_milli", name="travelling_refused"),
        sa.CheckConstraint(f"cost_left_minor BETWEEN 0 AND {CAP}", name="travelling_cost"),
    )
    op.create_index("travelling_by_order", "travelling", ["order_id"])
    op.create_table(
        "arrival",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.order_id"), nullable=False),
        sa.Column("delivered_on", sa.Date, nullable=False),
        sa.Column("return_number", sa.String(20)),
        sa.Column("created_at", Utc, nullable=False),
    )


def _play() -> None:
    """Open the accounts of the new roles in the chart that was chosen; one whose code is taken opens when needed."""
    connection = op.get_bind()
    chosen = connection.execute(
        sa.text("SELECT chart FROM ledger_chart ORDER BY version DESC LIMIT 1")
    ).scalar_one_or_none()
    place = CHARTS.index(chosen or "basic")
    account = sa.table(
        "ledger_account", *map(sa.column, ("code", "name", "name_zh", "kind", "role", "parent", "own"))
    )
    known = set(connection.execute(sa.select(account.c.code)).scalars())
    for role, name, name_zh, kind, codes in ROLES:
        code = codes[place]
        if code not in known:
            above = max((each for each in known if code.startswith(each)), key=len, default=None)
            values = {"code": code, "name": name, "name_zh": name_zh, "kind": kind, "role": role}
            connection.execute(sa.insert(account).values(**values, parent=above, own=sa.false()))


def _refuse(table: str, act: str) -> None:
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables; columns stay, for SQLite drops none that a check names, and so do accounts with postings."""
    for table in (
        "arrival",
        "travelling",
        "cash_discount_part",
        "cash_discount",
        "invoice_deduction",
        "down_payment",
    ):
        op.drop_table(table)
    account = sa.table("ledger_account", sa.column("code"), sa.column("role"))
    posting = sa.table("posting", sa.column("account"))
    used = sa.exists().where(posting.c.account == account.c.code)
    for role, *_ in ROLES:
        op.execute(sa.delete(account).where(account.c.role == role, ~used))
    for name in ("discount_bp", "discount_days"):
        op.drop_column("payment_terms", name)
    op.drop_column("invoice", "discount_until")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("invoice", "discount_minor")
        op.drop_column("invoice", "kind")
        op.drop_column("sales_order_line", "waived_milli")
        op.drop_column("sales_order", "down_payment_bp")
