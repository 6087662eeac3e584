"""The tables of what customers buy: their order lines and tickets as told, what was learnt, and what to say next."""

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
    false,
    text,
)

from libs.common.db.types import Currency, Id, Json, Milli, Utc
from services.crm.store.tables import metadata

followed_line = Table(
    "followed_line",
    metadata,
    Column("order_line_id", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("customer_id", Id),
    Column("item_id", Id, nullable=False),
    Column("ordered_on", Date),
    Column("quantity_milli", Milli, nullable=False),
    Column("given_up_milli", Milli, nullable=False),
    Column("returned_milli", Milli, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("currency", Currency),
    CheckConstraint(
        "quantity_milli >= 0 AND given_up_milli >= 0 AND returned_milli >= 0", name="followed_line_quantity"
    ),
    Index("followed_line_by_customer", "customer_id", "order_line_id"),
    Index("followed_line_by_order", "order_id"),
)

followed_ticket = Table(
    "followed_ticket",
    metadata,
    Column("ticket_id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("item_id", Id),
    Column("resolved_on", Date),
    Column("open", Boolean, nullable=False, server_default=false()),
    Column("score", Integer),
    Column("rated_on", Date),
    Index("followed_ticket_by_customer", "customer_id", "resolved_on"),
)

customer_buying = Table(
    "customer_buying",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("due", Boolean, nullable=False),
    Column("looked_on", Date),
    Column("orders", Integer, nullable=False, server_default="0"),
    Column("last_on", Date),
    Column("interval_days", Integer),
    Column("interval_of", String(8)),
    Column("next_on", Date),
    Column("currency", Currency),
    Column("order_minor", BigInteger, nullable=False, server_default="0"),
    Column("risk_bp", Integer, nullable=False, server_default="0"),
    Column("expected_minor", BigInteger, nullable=False, server_default="0"),
    Column("failed_at", Utc),
    Column("failure", String(200)),
    CheckConstraint("risk_bp BETWEEN 0 AND 10000", name="customer_buying_risk"),
    Index("customer_buying_due", "due", "looked_on"),
    Index("customer_buying_by_day", "looked_on"),
    Index("customer_buying_by_worth", "expected_minor", "customer_id"),
)

buying_model = Table(
    "buying_model",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("made_at", Utc, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("model", Json, nullable=False),
)

better_item = Table(
    "better_item",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("better_id", Id, ForeignKey("item.id"), nullable=False),
    Column("set_by", String(64), nullable=False),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("item_id <> better_id", name="better_item_another"),
)

LIVE = "state IN ('open', 'snoozed')"

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("because_id", Id),
    Column("quantity_milli", Milli, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("chance_bp", Integer, nullable=False),
    Column("expected_minor", BigInteger, nullable=False),
    Column("figures", Json, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("snoozed_until", Date),
    Column("made_at", Utc, nullable=False),
    Column("shown_at", Utc),
    Column("shown_to", String(64)),
    Column("decided_at", Utc),
    Column("decided_by", String(64)),
    Column("reason", String(16)),
    Column("detail", Text),
    Column("opportunity_id", Id, ForeignKey("opportunity.id")),
    Column("hit", Boolean, nullable=False),
    CheckConstraint(
        "state IN ('open', 'snoozed', 'accepted', 'dismissed', 'lapsed')", name="recommendation_state"
    ),
    CheckConstraint(
        "kind IN ('running_out', 'upgrade', 'goes_with', 'win_back', 'after_service')",
        name="recommendation_kind",
    ),
    CheckConstraint("chance_bp BETWEEN 0 AND 10000", name="recommendation_chance"),
    CheckConstraint("quantity_milli > 0 AND value_minor >= 0", name="recommendation_worth"),
    CheckConstraint("(state = 'snoozed') = (snoozed_until IS NOT NULL)", name="recommendation_snoozed"),
    CheckConstraint("(state = 'dismissed') = (reason IS NOT NULL)", name="recommendation_reason"),
    CheckConstraint("state = 'accepted' OR opportunity_id IS NULL", name="recommendation_opportunity"),
    CheckConstraint("state = 'accepted' OR NOT hit", name="recommendation_hit"),
    CheckConstraint(
        "state NOT IN ('accepted', 'dismissed') OR (shown_at IS NOT NULL AND decided_at IS NOT NULL)",
        name="recommendation_decided",
    ),
    Index(
        "recommendation_once",
        "customer_id",
        "item_id",
        unique=True,
        sqlite_where=text(LIVE),
        postgresql_where=text(LIVE),
    ),
    Index("recommendation_by_customer", "customer_id", "state"),
    Index("recommendation_by_worth", "state", "expected_minor", "id"),
    Index("recommendation_by_shown", "shown_at"),
)
