"""The tables of sales teams: who leads whom, who gets what, what is to be reached, and links to calendars."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from libs.common.db.types import Currency, Id, Utc
from services.crm.store.tables import metadata

sales_team = Table(
    "sales_team",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("manager_id", String(64)),
    Column("turn", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", name="sales_team_name"),
    CheckConstraint("turn >= 0", name="sales_team_turn"),
    Index("sales_team_by_manager", "manager_id"),
)

sales_team_member = Table(
    "sales_team_member",
    metadata,
    Column("team_id", Id, ForeignKey("sales_team.id"), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
)

territory = Table(
    "territory",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("country", String(80)),
    Column("region", String(40)),
    Column("source", String(40)),
    Column("owner_id", String(64)),
    Column("team_id", Id, ForeignKey("sales_team.id")),
    CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name="territory_one"),
)

sales_target = Table(
    "sales_target",
    metadata,
    Column("id", Id, primary_key=True),
    Column("month", String(7), nullable=False),
    Column("owner_id", String(64)),
    Column("team_id", Id, ForeignKey("sales_team.id")),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    UniqueConstraint("month", "owner_id", name="sales_target_owner"),
    UniqueConstraint("month", "team_id", name="sales_target_team"),
    CheckConstraint("(owner_id IS NULL) <> (team_id IS NULL)", name="sales_target_one"),
    CheckConstraint("amount_minor >= 0", name="sales_target_amount"),
)

calendar_link = Table(
    "calendar_link",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("token_hash", name="calendar_link_token"),
)
