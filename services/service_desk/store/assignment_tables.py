"""The table of who tickets were given to, in turn."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from libs.common.db.types import Id, Utc
from services.service_desk.store.tables import metadata

# The last row of a ticket is who works on it now; tickets from before this table have none until somebody takes them.
ticket_assignment = Table(
    "ticket_assignment",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("assignee_id", String(64)),
    Column("means", String(8), nullable=False),
    Column("by", String(64), nullable=False),
    Column("roster_version", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("means IN ('load', 'hand', 'taken', 'routed')", name="ticket_assignment_means"),
    CheckConstraint("no >= 1", name="ticket_assignment_no"),
    Index("ticket_assignment_by_person", "assignee_id", "at"),
)
