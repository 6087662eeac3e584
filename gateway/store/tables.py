"""The tables of the gateway; ``migrations/`` creates them. No secret is stored in a form that could be used."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
)

from libs.common.db.types import Id, Json, Utc

metadata = MetaData()

user_account = Table(
    "user_account",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("roles", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("superior_id", Id, ForeignKey("user_account.id")),
    CheckConstraint("superior_id <> id", name="user_account_own_superior"),
)
session = Table(
    "session",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("user_account.id"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("end_reason", String(32)),
)
refresh_token = Table(
    "refresh_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False),
    Column("issued_at", Utc, nullable=False),
    Column("used_at", Utc),
)
login_throttle = Table(
    "login_throttle",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, CheckConstraint("failures >= 0", name="throttle_failures"), nullable=False),
    Column("last_at", Utc, nullable=False),
    Column("blocked_until", Utc),
)
api_key = Table(
    "api_key",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("revoked_at", Utc),
    Column("revoked_by", String(64)),
)
audit_run = Table(
    "audit_run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("began_at", Utc, nullable=False),
    Column("ended_at", Utc, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("violations", Integer, nullable=False),
    Column("findings", Json, nullable=False),
    CheckConstraint("checks >= 0 AND events >= 0 AND violations >= 0", name="audit_run_counts"),
)
