"""Payables: what was bought and came in, supplier invoices with their match, and payments to suppliers."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0013"
down_revision = "0012"
CAP = 10**17
_LEFT = sa.text("received_milli > invoiced_milli")
_STANDS = sa.text("state <> 'rejected'")
_OWED = sa.text("open_minor > 0")
_FIXED = "id, number, supplier_id, reference, currency, total_minor, tax_minor, invoiced_on, due_on, posted_on, state"
TABLES = (
    "supplier", "bought_order", "bought_line", "goods_receipt", "goods_receipt_line", "match_policy",
    "supplier_invoice", "supplier_invoice_line", "supplier_invoice_match", "supplier_payment", "supplier_allocation",
)  # fmt: skip
APPEND_ONLY = (
    "goods_receipt", "goods_receipt_line", "match_policy", "supplier_invoice_line", "supplier_payment",
    "supplier_allocation",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, and the triggers that keep what is posted as it is."""
    _bought()
    _receipts()
    _policy()
    _invoices()
    _lines()
    _payments()
    for table in APPEND_ONLY:
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    _refuse("supplier_invoice", "DELETE")
    _keep_what_was_posted()


def _bought() -> None:
    op.create_table(
        "supplier",
        sa.Column("supplier_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "bought_order",
        sa.Column("purchase_order_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("ordered_on", sa.Date, nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("correlation_id", sa.String(64), nullable=False),
    )
    op.create_index("bought_order_by_supplier", "bought_order", ["supplier_id"])
    op.create_table(
        "bought_line",
        sa.Column("line_id", Id, primary_key=True),
        sa.Column("purchase_order_id", Id, sa.ForeignKey("bought_order.purchase_order_id"), nullable=False),
        sa.Column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id"), nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("ordered_milli", Milli, nullable=False),
        sa.Column("unit_price_e4", sa.BigInteger, nullable=False),
        sa.Column("received_milli", Milli, nullable=False),
        sa.Column("invoiced_milli", Milli, nullable=False),
        sa.Column("over_milli", Milli, nullable=False),
        sa.Column("received_minor", sa.BigInteger, nullable=False),
        sa.Column("invoiced_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint("ordered_milli > 0 AND unit_price_e4 >= 0", name="bought_line_ordered"),
        sa.CheckConstraint("received_milli >= 0 AND over_milli >= 0", name="bought_line_not_negative"),
        # Two invoices for the same goods meet here: what is invoiced came in, or it was said by how much it is more.
        sa.CheckConstraint(
            "invoiced_milli BETWEEN 0 AND received_milli + over_milli",
            name="bought_line_invoiced_is_received",
        ),
        sa.CheckConstraint("received_minor >= 0 AND invoiced_minor >= 0", name="bought_line_value"),
    )
    op.create_index("bought_line_by_order", "bought_line", ["purchase_order_id"])
    op.create_index(
        "bought_line_to_invoice",
        "bought_line",
        ["supplier_id", "line_id"],
        postgresql_where=_LEFT,
        sqlite_where=_LEFT,
    )


def _receipts() -> None:
    op.create_table(
        "goods_receipt",
        sa.Column("receipt_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("purchase_order_id", Id, sa.ForeignKey("bought_order.purchase_order_id"), nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint(f"value_minor BETWEEN 0 AND {CAP}", name="goods_receipt_value"),
    )
    op.create_index("goods_receipt_by_order", "goods_receipt", ["purchase_order_id"])
    op.create_table(
        "goods_receipt_line",
        sa.Column("receipt_id", Id, sa.ForeignKey("goods_receipt.receipt_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("line_id", Id, sa.ForeignKey("bought_line.line_id"), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint("quantity_milli > 0 AND value_minor >= 0", name="goods_receipt_line_quantity"),
    )
    op.create_index("goods_receipt_line_by_line", "goods_receipt_line", ["line_id"])


def _policy() -> None:
    op.create_table(
        "match_policy",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("price_bp", sa.Integer),
        sa.Column("price_minor", sa.BigInteger),
        sa.Column("price_currency", Currency),
        sa.Column("quantity_bp", sa.Integer),
        sa.Column("quantity_minor", sa.BigInteger),
        sa.Column("quantity_currency", Currency),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint(
            "price_bp BETWEEN 0 AND 10000 AND quantity_bp BETWEEN 0 AND 10000", name="match_policy_percents"
        ),
        sa.CheckConstraint("price_minor >= 0 AND quantity_minor >= 0", name="match_policy_amounts"),
        sa.CheckConstraint(
            "(price_minor IS NULL) = (price_currency IS NULL)"
            " AND (quantity_minor IS NULL) = (quantity_currency IS NULL)",
            name="match_policy_currency",
        ),
    )


def _invoices() -> None:
    op.create_table(
        "supplier_invoice",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id"), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("payment_state", sa.String(8), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_minor", sa.BigInteger, nullable=False),
        sa.Column("open_minor", sa.BigInteger, nullable=False),
        sa.Column("invoiced_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("posted_on", sa.Date),
        sa.Column("entered_by", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('on_hold', 'posted', 'rejected')", name="supplier_invoice_state"),
        sa.CheckConstraint("(state = 'posted') = (posted_on IS NOT NULL)", name="supplier_invoice_posted_on"),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason IS NOT NULL", name="supplier_invoice_rejected_says_why"
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR reason IS NOT NULL", name="supplier_invoice_decided_says_why"
        ),
        sa.CheckConstraint(
            f"total_minor BETWEEN 0 AND {CAP} AND tax_minor BETWEEN 0 AND total_minor",
            name="supplier_invoice_total",
        ),
        sa.CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="supplier_invoice_open"),
        sa.CheckConstraint("state = 'posted' OR open_minor = 0", name="supplier_invoice_only_posted_is_owed"),
        sa.CheckConstraint(
            "payment_state = CASE WHEN state <> 'posted' THEN 'not_paid' WHEN open_minor = 0 THEN 'paid'"
            " WHEN open_minor = total_minor THEN 'not_paid' ELSE 'partial' END",
            name="supplier_invoice_payment_state",
        ),
    )
    op.create_index(
        "supplier_invoice_once",
        "supplier_invoice",
        ["supplier_id", "reference"],
        unique=True,
        postgresql_where=_STANDS,
        sqlite_where=_STANDS,
    )
    op.create_index("supplier_invoice_by_supplier", "supplier_invoice", ["supplier_id", "id"])
    op.create_index("supplier_invoice_by_state", "supplier_invoice", ["state", "id"])
    op.create_index(
        "supplier_invoice_owed",
        "supplier_invoice",
        ["due_on", "supplier_id"],
        postgresql_where=_OWED,
        sqlite_where=_OWED,
    )


def _lines() -> None:
    op.create_table(
        "supplier_invoice_line",
        sa.Column("invoice_id", Id, sa.ForeignKey("supplier_invoice.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("line_id", Id, sa.ForeignKey("bought_line.line_id"), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("unit_price_e4", sa.BigInteger, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint("quantity_milli > 0 AND amount_minor >= 0", name="supplier_invoice_line_quantity"),
    )
    op.create_index("supplier_invoice_line_by_line", "supplier_invoice_line", ["line_id"])
    op.create_table(
        "supplier_invoice_match",
        sa.Column("invoice_id", Id, sa.ForeignKey("supplier_invoice.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("received_milli", Milli, nullable=False),
        sa.Column("invoiced_before_milli", Milli, nullable=False),
        sa.Column("over_milli", Milli, nullable=False),
        sa.Column("dearer_minor", sa.BigInteger, nullable=False),
        sa.Column("cleared_minor", sa.BigInteger, nullable=False),
        sa.Column("mismatches", sa.JSON, nullable=False),
    )


def _payments() -> None:
    op.create_table(
        "supplier_payment",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.String(140), nullable=False),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("bank_line_id", Id, sa.ForeignKey("bank_line.id"), unique=True),
        sa.Column("recorded_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("supplier_id", "reference", name="supplier_payment_reference_once"),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_payment_amount"),
    )
    op.create_index("supplier_payment_by_supplier", "supplier_payment", ["supplier_id", "id"])
    op.create_table(
        "supplier_allocation",
        sa.Column("payment_id", Id, sa.ForeignKey("supplier_payment.id"), primary_key=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("supplier_invoice.id"), primary_key=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("allocated_on", sa.Date, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_allocation_amount"),
    )
    op.create_index("supplier_allocation_by_invoice", "supplier_allocation", ["invoice_id"])
    op.create_index("supplier_allocation_by_day", "supplier_allocation", ["allocated_on"])


def _refuse(table: str, act: str) -> None:
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        if act == "DELETE":
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _keep_what_was_posted() -> None:
    """Refuse to change a posted or rejected invoice, but for what is open of it."""
    when = "OLD.state <> 'on_hold'"
    head = (
        f"CREATE TRIGGER supplier_invoice_is_fixed BEFORE UPDATE OF {_FIXED} ON supplier_invoice FOR EACH ROW"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} WHEN ({when}) EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} WHEN {when} BEGIN SELECT RAISE(ABORT, 'a posted supplier_invoice may not be changed'); END"
        )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
