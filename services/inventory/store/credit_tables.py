"""The tables of credit at the delivery: when finance is asked, and what was asked and answered about each note."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from libs.common.db.types import Id, Json, Utc
from services.inventory.store.tables import metadata

# One row: the policy of finance as far as it concerns the warehouse.
delivery_check = Table(
    "delivery_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("when_asked", String(12), nullable=False),
    Column("days", Integer),
    Column("kept_at", Utc, nullable=False),
    CheckConstraint("id = 1", name="delivery_check_is_one"),
    CheckConstraint("when_asked IN ('never', 'always', 'after_days')", name="delivery_check_when"),
    CheckConstraint("(when_asked = 'after_days') = (days IS NOT NULL)", name="delivery_check_days"),
)

# How it stands is told by the note; here is whose matter it is, and why.
delivery_credit = Table(
    "delivery_credit",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("question", Integer, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("owner", String(32), nullable=False),
    Column("deadline", Utc, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("status", String(16)),
    Column("reasons", Json),
    Column("figures", Json),
    Column("decided_at", Utc),
    Column("hand_over_on", Date),
    CheckConstraint("question > 0 AND escalations >= 0", name="delivery_credit_counts"),
    Index("delivery_credit_due", "deadline"),
)
