"""What moved each customer's receivables in a month."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id

revision = "0021"
down_revision = "0020"
_SUMS = (
    "invoiced_minor", "credited_minor", "revenue_minor", "settled_minor", "paid_minor", "paid_days", "late_minor",
    "late_days",
)  # fmt: skip
_FROM_DOCUMENTS = (
    "INSERT INTO receivable_month (customer_id, month, currency, invoiced_minor, credited_minor, revenue_minor, "
    "settled_minor, paid_minor, paid_days, late_minor, late_days) "
    "SELECT customer_id, MONTH(day), currency, SUM(invoiced), SUM(credited), SUM(revenue), SUM(settled), SUM(paid), "
    "SUM(paid * days), SUM(CASE WHEN late > 0 THEN paid ELSE 0 END), "
    "SUM(CASE WHEN late > 0 THEN paid * late ELSE 0 END) FROM ("
    "SELECT i.customer_id AS customer_id, i.posted_on AS day, i.currency AS currency, i.total_minor AS invoiced, "
    "0 AS credited, CASE WHEN i.kind = 'goods' THEN i.total_minor - i.tax_minor + COALESCE((SELECT "
    "SUM(d.amount_minor) FROM invoice_deduction d WHERE d.invoice_id = i.id), 0) ELSE 0 END AS revenue, "
    "0 AS settled, 0 AS paid, 0 AS days, 0 AS late FROM invoice i WHERE i.state = 'posted' "
    "UNION ALL SELECT n.customer_id, n.posted_on, n.currency, 0, n.total_minor, "
    "CASE WHEN i.kind = 'goods' THEN n.tax_minor - n.total_minor ELSE 0 END, 0, 0, 0, 0 "
    "FROM credit_note n JOIN invoice i ON i.id = n.invoice_id "
    "UNION ALL SELECT i.customer_id, a.allocated_on, a.currency, 0, 0, 0, a.amount_minor, a.amount_minor, "
    "a.days_to_pay, a.days_to_pay - DAYS(i.due_on, i.posted_on) FROM allocation a "
    "JOIN invoice i ON i.id = a.invoice_id "
    "UNION ALL SELECT i.customer_id, a.allocated_on, a.currency, 0, 0, 0, a.amount_minor, 0, 0, 0 "
    "FROM credit_allocation a JOIN invoice i ON i.id = a.invoice_id "
    "UNION ALL SELECT customer_id, posted_on, currency, 0, 0, 0, amount_minor, 0, 0, 0 FROM write_off "
    "WHERE state IN ('posted', 'reversed') "
    "UNION ALL SELECT customer_id, reversed_on, currency, 0, 0, 0, -amount_minor, 0, 0, 0 FROM write_off "
    "WHERE state = 'reversed' "
    "UNION ALL SELECT customer_id, posted_on, currency, 0, 0, 0, "
    "CASE WHEN kind = 'granted' THEN amount_minor ELSE -amount_minor END, 0, 0, 0 FROM cash_discount"
    ") moved GROUP BY customer_id, MONTH(day), currency"
)


def upgrade() -> None:
    """Create the table and fill it from the documents so far."""
    op.create_table(
        "receivable_month",
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
    )
    op.create_index("receivable_month_by_month", "receivable_month", ["month", "currency"])
    postgres = op.get_bind().dialect.name == "postgresql"
    month = "TO_CHAR(day, 'YYYY-MM')" if postgres else "SUBSTR(day, 1, 7)"
    days = (
        "(i.due_on - i.posted_on)"
        if postgres
        else "CAST(JULIANDAY(i.due_on) - JULIANDAY(i.posted_on) AS INTEGER)"
    )
    statement = _FROM_DOCUMENTS.replace("MONTH(day)", month).replace("DAYS(i.due_on, i.posted_on)", days)
    op.execute(statement)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("receivable_month")
