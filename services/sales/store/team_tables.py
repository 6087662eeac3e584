"""The replica of sales teams: who leads each, and who was in it from which day until before which.

No foreign key to people: they live in the gateway.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from libs.common.db.types import Id
from services.sales.store.tables import metadata

sales_team = Table(
    "sales_team",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("manager_id", String(64)),
    Column("version", Integer, nullable=False),
    Index("sales_team_by_manager", "manager_id"),
)
sales_team_member = Table(
    "sales_team_member",
    metadata,
    Column("team_id", Id, ForeignKey("sales_team.id"), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    CheckConstraint("until IS NULL OR until > since", name="sales_team_member_days"),
    Index("sales_team_member_by_user", "user_id", "since"),
)
