"""The pipeline: its stages, opportunities with their lines and steps, quotations and orders that came of them."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0003"
down_revision = "0002"
TABLES = (
    "pipeline_stage",
    "item",
    "opportunity",
    "opportunity_line",
    "opportunity_step",
    "opportunity_quotation",
    "followed_order",
)
STAGES = (
    ("new", "New", "新机会", 1000),
    ("qualified", "Qualified", "已确认", 3000),
    ("proposition", "Proposition", "方案报价", 5000),
    ("negotiation", "Negotiation", "商务谈判", 7500),
)


def upgrade() -> None:
    """Create the tables, with the stages that most houses begin with."""
    _stages()
    _items()
    _opportunities()
    _followed()


def _stages() -> None:
    stage = op.create_table(
        "pipeline_stage",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("probability_bp", sa.Integer, nullable=False),
        sa.UniqueConstraint("position", name="pipeline_stage_position"),
        sa.CheckConstraint("probability_bp BETWEEN 0 AND 10000", name="pipeline_stage_probability"),
    )
    op.bulk_insert(
        stage,
        [
            {"code": code, "name_en": en, "name_zh": zh, "position": place, "probability_bp": bp}
            for place, (code, en, zh, bp) in enumerate(STAGES, 1)
        ],
    )


def _items() -> None:
    op.create_table(
        "item",
        sa.Column("id", Id, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uom", sa.Text, nullable=False),
        sa.Column("decimals", sa.Integer, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("as_of_sequence", sa.BigInteger, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
    )


def _opportunities() -> None:
    op.create_table(
        "opportunity",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("stage", sa.String(40), sa.ForeignKey("pipeline_stage.code"), nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("probability_bp", sa.Integer),
        sa.Column("source", sa.String(40)),
        sa.Column("expected_close_on", sa.Date),
        sa.Column("next_step", sa.String(200)),
        sa.Column("next_step_on", sa.Date),
        sa.Column("lost_reason", sa.String(16)),
        sa.Column("lost_detail", sa.Text),
        sa.Column("opened_at", Utc, nullable=False),
        sa.Column("stage_since", Utc, nullable=False),
        sa.Column("closed_at", Utc),
        sa.Column("quotation_state", sa.String(8), nullable=False),
        sa.Column("quotation_id", Id),
        sa.Column("quotation_refusal", sa.Text),
        sa.Column("order_id", Id),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="opportunity_number"),
        sa.CheckConstraint("state IN ('open', 'won', 'lost')", name="opportunity_state"),
        sa.CheckConstraint("value_minor >= 0", name="opportunity_value"),
        sa.CheckConstraint("probability_bp BETWEEN 0 AND 10000", name="opportunity_probability"),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="opportunity_closed_has_time"),
        sa.CheckConstraint(
            "(state = 'lost') = (lost_reason IS NOT NULL)", name="opportunity_lost_has_reason"
        ),
        sa.CheckConstraint("order_id IS NULL OR state = 'won'", name="opportunity_ordered_is_won"),
        sa.CheckConstraint(
            "quotation_state IN ('none', 'wanted', 'refused', 'quoted', 'closed')",
            name="opportunity_quotation",
        ),
    )
    op.create_index("opportunity_by_customer", "opportunity", ["customer_id", "id"])
    op.create_index("opportunity_by_state", "opportunity", ["state", "stage", "id"])
    op.create_index("opportunity_by_owner", "opportunity", ["owner_id", "state", "id"])
    op.create_table(
        "opportunity_line",
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name="opportunity_line_quantity"),
    )
    op.create_table(
        "opportunity_step",
        sa.Column("id", Id, primary_key=True),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id"), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("entered_at", Utc, nullable=False),
        sa.Column("left_at", Utc),
        sa.Column("by", sa.String(64)),
    )
    op.create_index("opportunity_step_by_opportunity", "opportunity_step", ["opportunity_id", "id"])


def _followed() -> None:
    op.create_table(
        "opportunity_quotation",
        sa.Column("quotation_id", Id, primary_key=True),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id"), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("quoted_at", Utc, nullable=False),
    )
    op.create_index(
        "opportunity_quotation_by_opportunity", "opportunity_quotation", ["opportunity_id", "quotation_id"]
    )
    op.create_table(
        "followed_order",
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("number", sa.String(32)),
        sa.Column("customer_id", Id),
        sa.Column("quotation_id", Id),
        sa.Column("opportunity_id", Id),
        sa.Column("ordered_on", sa.Date),
        sa.Column("currency", Currency),
        sa.Column("total_minor", sa.BigInteger),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("invoiced_minor", sa.BigInteger, nullable=False),
        sa.Column("credited_minor", sa.BigInteger, nullable=False),
        sa.Column("paid_minor", sa.BigInteger, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.CheckConstraint("state IN ('placed', 'completed', 'cancelled')", name="followed_order_state"),
    )
    op.create_index("followed_order_by_opportunity", "followed_order", ["opportunity_id"])
    op.create_index("followed_order_by_customer", "followed_order", ["customer_id", "ordered_on"])


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
