"""The saga's tables, created by the mechanism's migrations: a row per conversation and its timers, and a step log."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from libs.common.db.metadata import mechanism
from libs.common.db.types import Id, Json, Utc

saga = Table(
    "saga",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("definition_version", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("step", String(64)),
    Column("state", String(16), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("needs_attention", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("data", Json, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("reason", Text),
    Column("ask_again_at", Utc),
    Column("deadline_at", Utc),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
)
saga_step = Table(
    "saga_step",
    mechanism,
    Column("id", Id, primary_key=True),
    Column("saga_id", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("step", String(64), nullable=False),
    Column("direction", String(16), nullable=False),
    Column("command_id", Id),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Utc),
    Column("replied_at", Utc),
    Column("reply_type", String(120)),
    Column("reply", Json),
    Column("error", Text),
)
