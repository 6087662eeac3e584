"""The tables of the pipeline: stages, opportunities and what came of them, and a small replica of items."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.crm.store.tables import metadata

pipeline_stage = Table(
    "pipeline_stage",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name_en", String(80), nullable=False),
    Column("name_zh", String(80), nullable=False),
    Column("position", Integer, nullable=False),
    Column("probability_bp", Integer, nullable=False),
    UniqueConstraint("position", name="pipeline_stage_position"),
    CheckConstraint("probability_bp BETWEEN 0 AND 10000", name="pipeline_stage_probability"),
)

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uom", Text, nullable=False),
    Column("decimals", Integer, nullable=False),
    Column("category", Text),
    Column("active", Boolean, nullable=False),
    Column("as_of_sequence", BigInteger, nullable=False),
    Column("updated_at", Utc, nullable=False),
)

opportunity = Table(
    "opportunity",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("stage", String(40), ForeignKey("pipeline_stage.code"), nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("owner_id", String(64)),
    Column("state", String(8), nullable=False),
    Column("probability_bp", Integer),
    Column("source", String(40)),
    Column("campaign_id", Id),
    Column("expected_close_on", Date),
    Column("next_step", String(200)),
    Column("next_step_on", Date),
    Column("lost_reason", String(16)),
    Column("lost_detail", Text),
    Column("opened_at", Utc, nullable=False),
    Column("stage_since", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("quotation_state", String(8), nullable=False),
    Column("quotation_id", Id),
    Column("quotation_refusal", Text),
    Column("order_id", Id),
    Column("created_by", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="opportunity_number"),
    CheckConstraint("state IN ('open', 'won', 'lost')", name="opportunity_state"),
    CheckConstraint("value_minor >= 0", name="opportunity_value"),
    CheckConstraint("probability_bp BETWEEN 0 AND 10000", name="opportunity_probability"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="opportunity_closed_has_time"),
    CheckConstraint("(state = 'lost') = (lost_reason IS NOT NULL)", name="opportunity_lost_has_reason"),
    CheckConstraint("order_id IS NULL OR state = 'won'", name="opportunity_ordered_is_won"),
    CheckConstraint(
        "quotation_state IN ('none', 'wanted', 'refused', 'quoted', 'closed')", name="opportunity_quotation"
    ),
    Index("opportunity_by_customer", "customer_id", "id"),
    Index("opportunity_by_state", "state", "stage", "id"),
    Index("opportunity_by_owner", "owner_id", "state", "id"),
    Index("opportunity_by_campaign", "campaign_id", "state"),
    Index("opportunity_by_opening", "opened_at"),
)

opportunity_line = Table(
    "opportunity_line",
    metadata,
    Column("opportunity_id", Id, ForeignKey("opportunity.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="opportunity_line_quantity"),
)

opportunity_step = Table(
    "opportunity_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("opportunity_id", Id, ForeignKey("opportunity.id"), nullable=False),
    Column("step", String(40), nullable=False),
    Column("entered_at", Utc, nullable=False),
    Column("left_at", Utc),
    Column("by", String(64)),
    Index("opportunity_step_by_opportunity", "opportunity_id", "id"),
)

opportunity_quotation = Table(
    "opportunity_quotation",
    metadata,
    Column("quotation_id", Id, primary_key=True),
    Column("opportunity_id", Id, ForeignKey("opportunity.id"), nullable=False),
    Column("number", String(32), nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("quoted_at", Utc, nullable=False),
    Index("opportunity_quotation_by_opportunity", "opportunity_id", "quotation_id"),
)

followed_order = Table(
    "followed_order",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("number", String(32)),
    Column("customer_id", Id),
    Column("quotation_id", Id),
    Column("opportunity_id", Id),
    Column("ordered_on", Date),
    Column("currency", Currency),
    Column("total_minor", BigInteger),
    Column("state", String(12), nullable=False),
    Column("invoiced_minor", BigInteger, nullable=False),
    Column("credited_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("revenue_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("updated_at", Utc, nullable=False),
    Column("confirmed_at", Utc),
    Column("recorded", Boolean),
    Column("shipped_at", Utc),
    Column("cost_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("cost_currency", Currency),
    Column("uncosted", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("state IN ('placed', 'completed', 'cancelled')", name="followed_order_state"),
    Index("followed_order_by_opportunity", "opportunity_id"),
    Index("followed_order_by_customer", "customer_id", "ordered_on"),
)

opportunity_finding = Table(
    "opportunity_finding",
    metadata,
    Column("finding_id", Id, primary_key=True),
    Column("opportunity_id", Id, ForeignKey("opportunity.id"), nullable=False),
    Column("ticket_id", Id, nullable=False),
    Column("ticket_number", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("noted_at", Utc, nullable=False),
    UniqueConstraint("opportunity_id", name="opportunity_finding_opportunity"),
    Index("opportunity_finding_by_ticket", "ticket_id"),
)
