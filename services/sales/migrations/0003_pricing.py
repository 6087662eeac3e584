"""Prices for groups, channels and regions, prices that are worked out of others, promotions and coupons."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0003"
down_revision = "0002"
_WORDS = (
    ("customer", ("group", "region")),
    ("price_policy", ("customer_group", "channel", "region")),
    ("quotation", ("channel", "coupon")),
)


def upgrade() -> None:
    """Add what prices may name, and the formulas; the policies so far name what they named.

    A formula is a row of its own, not a price without an amount: the version before this one reads prices only.
    """
    for table, words in _WORDS:
        for word in words:
            op.add_column(table, sa.Column(word, sa.String(40)))
    op.create_table(
        "price_policy_formula",
        sa.Column("policy_id", Id, sa.ForeignKey("price_policy.id"), primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("min_quantity_milli", Milli, primary_key=True),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("change_bp", sa.Integer, nullable=False),
        sa.Column("base_policy", sa.String(120)),
        sa.CheckConstraint(
            "min_quantity_milli BETWEEN 1 AND 1000000000000000", name="price_policy_formula_tier"
        ),
        sa.CheckConstraint("change_bp BETWEEN -10000 AND 10000", name="price_policy_formula_change"),
    )
    op.create_index("price_policy_formula_by_item", "price_policy_formula", ["item_id"])
    _promotions()
    _coupons()
    # Nothing was taken off by promotions so far, nor by the version before this one while both run.
    for table in ("quotation_line", "sales_order_line"):
        op.add_column(table, sa.Column("promotion_minor", sa.BigInteger, nullable=False, server_default="0"))


def _promotions() -> None:
    op.create_table(
        "promotion",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("gift", Json, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("exclusive", sa.Boolean, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("customer_group", sa.String(40)),
        sa.Column("channel", sa.String(40)),
        sa.Column("region", sa.String(40)),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("coupon", sa.String(40)),
        sa.Column("max_uses", sa.Integer),
        sa.Column("superseded_by", Id),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", "revision", name="promotion_revision"),
        sa.CheckConstraint("revision > 0", name="promotion_revision_positive"),
        sa.CheckConstraint("valid_until >= valid_from", name="promotion_window"),
        sa.CheckConstraint("max_uses IS NULL OR coupon IS NOT NULL", name="promotion_uses_of_a_coupon"),
    )
    op.create_index(
        "promotion_current",
        "promotion",
        ["name"],
        unique=True,
        postgresql_where=sa.text("superseded_by IS NULL"),
        sqlite_where=sa.text("superseded_by IS NULL"),
    )


def _coupons() -> None:
    op.create_table(
        "coupon",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("promotion", sa.String(120), nullable=False),
        sa.Column("max_uses", sa.Integer),
        sa.Column("used", sa.Integer, nullable=False),
        sa.UniqueConstraint("promotion", name="coupon_of_promotion"),
        sa.CheckConstraint(
            "used >= 0 AND (max_uses IS NULL OR used <= max_uses)", name="coupon_used_as_often_as_may_be"
        ),
    )
    op.create_table(
        "coupon_use",
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), primary_key=True),
        sa.Column("code", sa.String(40), sa.ForeignKey("coupon.code"), nullable=False),
        sa.Column("used_at", Utc, nullable=False),
        sa.Column("given_back_at", Utc),
    )
    op.create_index("coupon_use_by_code", "coupon_use", ["code"])


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in ("sales_order_line", "quotation_line"):
        op.drop_column(table, "promotion_minor")
    for table in ("coupon_use", "coupon", "promotion"):
        op.drop_table(table)
    op.drop_table("price_policy_formula")
    for table, words in reversed(_WORDS):
        for word in reversed(words):
            op.drop_column(table, word)
