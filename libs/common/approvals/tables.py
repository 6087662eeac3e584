"""The tables of approvals, created by the mechanism's migrations: flows, what runs, what was done, and deputies."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from libs.common.db.metadata import mechanism
from libs.common.db.types import Id, Json, Utc

approval_flow = Table(
    "approval_flow",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("document", String(32), nullable=False),
    Column("name", String(120), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("definition", Json, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
)
approval = Table(
    "approval",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("document", String(32), nullable=False),
    Column("document_id", Id, nullable=False),
    Column("number", String(64), nullable=False),
    Column("conversation_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", Utc, nullable=False),
    Column("facts", Json, nullable=False),
    Column("flows", Json, nullable=False),
    Column("ended_at", Utc),
    Column("version", Integer, nullable=False),
)
approval_step = Table(
    "approval_step",
    mechanism,
    Column("approval_id", Id, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("flow", String(120), nullable=False),
    Column("definition", Json, nullable=False),
    Column("opened_at", Utc),
    Column("approved_at", Utc),
    Column("escalate_at", Utc),
)
approval_approver = Table(
    "approval_approver",
    mechanism,
    Column("approval_id", Id, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("level", Integer),
)
approval_superior = Table(
    "approval_superior",
    mechanism,
    Column("approval_id", Id, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("person", String(64), nullable=False),
)
approval_barred = Table(
    "approval_barred",
    mechanism,
    Column("approval_id", Id, primary_key=True),
    Column("person", String(64), primary_key=True),
)
approval_act = Table(
    "approval_act",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("approval_id", Id, nullable=False),
    Column("place", Integer, nullable=False),
    Column("step", Integer),
    Column("deed", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("on_behalf_of", String(64)),
    Column("voice", String(64), nullable=False),
    Column("places", Json, nullable=False),
    Column("comment", Text),
    Column("at", Utc, nullable=False),
)
approval_delegation = Table(
    "approval_delegation",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("person", String(64), nullable=False),
    Column("roles", Json, nullable=False),
    Column("deputy", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", Text),
    Column("created_at", Utc, nullable=False),
    Column("ended_at", Utc),
)
