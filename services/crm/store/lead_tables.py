"""The tables of leads: who may become a customer, how they came, and by what they are known again."""

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
)

from libs.common.db.types import Currency, Id, Json, Utc
from services.crm.store.tables import metadata

campaign = Table(
    "campaign",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("budget_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("cost_minor", BigInteger, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("code", name="campaign_code"),
    CheckConstraint("budget_minor >= 0", name="campaign_budget"),
    CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="campaign_days"),
)

web_form = Table(
    "web_form",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("campaign_id", Id, ForeignKey("campaign.id")),
    Column("source", String(40), nullable=False),
    Column("owner_id", String(64)),
    Column("active", Boolean, nullable=False),
    Column("per_hour", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("token", name="web_form_token"),
    CheckConstraint("per_hour >= 1", name="web_form_per_hour"),
)

lead = Table(
    "lead",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("company_name", String(200), nullable=False),
    Column("person", String(200)),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("country", String(80)),
    Column("region", String(40)),
    Column("city", String(120)),
    Column("employees", Integer),
    Column("source", String(40)),
    Column("campaign_id", Id, ForeignKey("campaign.id")),
    Column("owner_id", String(64)),
    Column("note", Text),
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),
    Column("detail", Text),
    Column("merged_into_id", Id, ForeignKey("lead.id")),
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("contact_id", Id, ForeignKey("contact.id")),
    Column("opportunity_id", Id, ForeignKey("opportunity.id")),
    Column("web_form_id", Id, ForeignKey("web_form.id")),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number", name="lead_number"),
    CheckConstraint("state IN ('open', 'qualified', 'disqualified', 'merged')", name="lead_state"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="lead_closed_has_time"),
    CheckConstraint("(state = 'disqualified') = (reason IS NOT NULL)", name="lead_reason"),
    CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="lead_merged"),
    CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="lead_not_into_itself"),
    CheckConstraint("(state = 'qualified') = (customer_id IS NOT NULL)", name="lead_customer"),
    CheckConstraint("(state = 'qualified') = (opportunity_id IS NOT NULL)", name="lead_opportunity"),
    CheckConstraint("employees >= 1", name="lead_employees"),
    Index("lead_by_owner", "owner_id", "state", "id"),
    Index("lead_by_state", "state", "id"),
    Index("lead_by_campaign", "campaign_id", "state", "id"),
    Index("lead_by_merged_into", "merged_into_id"),
    Index("lead_by_arrival", "created_at"),
    Index("lead_by_opportunity", "opportunity_id"),
)

lead_arrival = Table(
    "lead_arrival",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id"), primary_key=True),
    Column("form_id", Id, ForeignKey("web_form.id"), nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(400), nullable=False),
    Column("at", Utc, nullable=False),
)

web_form_hour = Table(
    "web_form_hour",
    metadata,
    Column("form_id", Id, ForeignKey("web_form.id"), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("hour", Utc, primary_key=True),
    Column("taken", Integer, nullable=False),
)

known_by = Table(
    "known_by",
    metadata,
    Column("subject_id", Id, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("value", String(254), nullable=False),
    Column("lead_id", Id, ForeignKey("lead.id")),
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("contact_id", Id, ForeignKey("contact.id")),
    CheckConstraint("kind IN ('email', 'phone', 'company')", name="known_by_kind"),
    CheckConstraint("(lead_id IS NULL) <> (customer_id IS NULL)", name="known_by_one"),
    CheckConstraint("contact_id IS NULL OR customer_id IS NOT NULL", name="known_by_contact"),
    Index("known_by_value", "kind", "value"),
    Index("known_by_lead", "lead_id"),
    Index("known_by_customer", "customer_id"),
)

campaign_cost = Table(
    "campaign_cost",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", Id, ForeignKey("campaign.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("description", String(200), nullable=False),
    Column("reverses_id", Id, ForeignKey("campaign_cost.id")),
    Column("recorded_by", String(64), nullable=False),
    Column("recorded_at", Utc, nullable=False),
    UniqueConstraint("reverses_id", name="campaign_cost_reversed_once"),
    CheckConstraint("(reverses_id IS NULL) = (amount_minor > 0)", name="campaign_cost_sign"),
    Index("campaign_cost_by_campaign", "campaign_id", "id"),
    Index("campaign_cost_by_day", "day"),
)

campaign_member = Table(
    "campaign_member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", Id, ForeignKey("campaign.id"), nullable=False),
    Column("lead_id", Id, ForeignKey("lead.id")),
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("answer", String(16), nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("answered_at", Utc),
    UniqueConstraint("campaign_id", "lead_id", name="campaign_member_lead"),
    UniqueConstraint("campaign_id", "customer_id", name="campaign_member_customer"),
    CheckConstraint("(lead_id IS NULL) <> (customer_id IS NULL)", name="campaign_member_one"),
    CheckConstraint(
        "answer IN ('none', 'interested', 'declined', 'unreachable')", name="campaign_member_answer"
    ),
    CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name="campaign_member_answered"),
    Index("campaign_member_by_lead", "lead_id"),
)

lead_score_model = Table(
    "lead_score_model",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("made_at", Utc, nullable=False),
    Column("decided", Integer, nullable=False),
    Column("model", Json, nullable=False),
)
