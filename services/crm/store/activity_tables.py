"""The table of activities."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from libs.common.db.types import Id, Utc
from services.crm.store.tables import metadata

activity = Table(
    "activity",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("opportunity_id", Id, ForeignKey("opportunity.id")),
    Column("contact_id", Id, ForeignKey("contact.id")),
    Column("kind", String(8), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text),
    Column("owner_id", String(64), nullable=False),
    Column("due_at", Utc),
    Column("done_at", Utc),
    Column("outcome", Text),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("lead_id", Id, ForeignKey("lead.id")),
    CheckConstraint("kind IN ('call', 'visit', 'mail', 'task', 'note')", name="activity_kind"),
    CheckConstraint("kind <> 'note' OR (due_at IS NULL AND done_at IS NOT NULL)", name="activity_note"),
    CheckConstraint("outcome IS NULL OR done_at IS NOT NULL", name="activity_outcome_when_done"),
    CheckConstraint("customer_id IS NOT NULL OR lead_id IS NOT NULL", name="activity_of_somebody"),
    Index("activity_by_customer", "customer_id", "id"),
    Index("activity_by_opportunity", "opportunity_id", "id"),
    Index("activity_by_lead", "lead_id", "id"),
    Index("activity_to_do", "owner_id", "done_at", "due_at"),
)
