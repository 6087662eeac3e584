"""Changes of confirmed orders, and what of an order line is kept as it was when its terms changed."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0010"
down_revision = "0009"
OPEN = sa.text("state IN ('pending_approval', 'checking')")
KEPT = (("kept_milli", Milli), ("kept_minor", sa.BigInteger), ("kept_tax_minor", sa.BigInteger))


def upgrade() -> None:
    """Create the tables; of what was ordered so far nothing was changed."""
    op.create_table(
        "order_change",
        sa.Column("id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("number", sa.String(48), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("total_before_minor", sa.BigInteger, nullable=False),
        sa.Column("total_after_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_before_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_after_minor", sa.BigInteger, nullable=False),
        sa.Column("promised_before", sa.Date),
        sa.Column("promised_after", sa.Date),
        sa.Column("may_wait", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.String(64)),
        sa.Column("detail", sa.Text),
        sa.Column("figures", Json),
        sa.Column("approval_id", Id),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("ended_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("order_id", "no", name="order_change_no"),
        sa.CheckConstraint("no > 0", name="order_change_no_from_one"),
        sa.CheckConstraint(
            "state IN ('pending_approval', 'checking', 'applied', 'rejected', 'withdrawn')",
            name="order_change_state",
        ),
        sa.CheckConstraint(
            "(state IN ('pending_approval', 'checking')) = (ended_at IS NULL)", name="order_change_ended"
        ),
        sa.CheckConstraint(
            "state <> 'pending_approval' OR approval_id IS NOT NULL",
            name="order_change_waits_for_an_approval",
        ),
        sa.CheckConstraint(
            "state NOT IN ('rejected', 'withdrawn') OR outcome IS NOT NULL", name="order_change_says_why"
        ),
        sa.CheckConstraint(
            "total_after_minor BETWEEN 0 AND 100000000000000000", name="order_change_total_after"
        ),
    )
    op.create_index(
        "order_change_one_open",
        "order_change",
        ["order_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_table(
        "order_change_line",
        sa.Column("change_id", Id, sa.ForeignKey("order_change.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("before", Json),
        sa.Column("after", Json),
        sa.Column("price_trace", Json),
    )
    op.create_index("order_change_line_by_line", "order_change_line", ["order_line_id"])
    _append_only()
    for name, kind in KEPT:
        op.add_column("sales_order_line", sa.Column(name, kind, nullable=False, server_default="0"))


def _append_only() -> None:
    """Keep what was proposed as it was written: it is what was approved and what was done."""
    for act in ("UPDATE", "DELETE"):
        head = f"CREATE TRIGGER order_change_line_no_{act.lower()} BEFORE {act} ON order_change_line"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'order_change_line is append-only'); END")


def downgrade() -> None:
    """Take it all away."""
    for name, _ in reversed(KEPT):
        op.drop_column("sales_order_line", name)
    op.drop_table("order_change_line")
    op.drop_table("order_change")
