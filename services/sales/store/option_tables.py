"""The tables of what may be chosen on a quotation, and of what was."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from libs.common.db.types import Id
from services.sales.store.tables import metadata

quotation_option = Table(
    "quotation_option",
    metadata,
    Column("line_id", Id, ForeignKey("quotation_line.id"), primary_key=True),
    Column("quotation_id", Id, ForeignKey("quotation.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("choice_group", String(40)),
    Column("included", Boolean, nullable=False),
    CheckConstraint("kind IN ('optional', 'alternative')", name="quotation_option_kind"),
    CheckConstraint("(kind = 'alternative') = (choice_group IS NOT NULL)", name="quotation_option_group"),
    Index("quotation_option_by_quotation", "quotation_id"),
    Index(
        "quotation_option_one_default",
        "quotation_id",
        "choice_group",
        unique=True,
        postgresql_where=text("included AND choice_group IS NOT NULL"),
        sqlite_where=text("included AND choice_group IS NOT NULL"),
    ),
)

quotation_choice = Table(
    "quotation_choice",
    metadata,
    Column("quotation_id", Id, ForeignKey("quotation.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("line_id", Id, ForeignKey("quotation_option.line_id"), nullable=False),
)
