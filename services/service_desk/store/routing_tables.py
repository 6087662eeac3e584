"""The tables of routing: how each ticket found its queue, and what was learnt, by version."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table

from libs.common.db.types import Id, Json, Utc
from services.service_desk.store.tables import metadata

ticket_routing = Table(
    "ticket_routing",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("decided_by", String(8), nullable=False),
    Column("rule", String(80)),
    Column("policy_version", Integer, nullable=False),
    Column("model_version", Integer, nullable=False),
    Column("confidence_bp", Integer),
    Column("corrected_by", String(64)),
    Column("corrected_at", Utc),
    CheckConstraint("decided_by IN ('rule', 'caller', 'model', 'nobody')", name="ticket_routing_decided"),
    CheckConstraint("(decided_by = 'rule') = (rule IS NOT NULL)", name="ticket_routing_rule"),
    CheckConstraint("confidence_bp BETWEEN 0 AND 10000", name="ticket_routing_confidence"),
    CheckConstraint("(corrected_by IS NULL) = (corrected_at IS NULL)", name="ticket_routing_corrected"),
)

# What was learnt, as figures: nothing in it could be run.
ticket_classifier = Table(
    "ticket_classifier",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Utc, nullable=False),
    Column("learnt_from", Integer, nullable=False),
    Column("model", Json, nullable=False),
)
