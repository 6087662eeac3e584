"""The tables of forms, created by the mechanism's migrations: the versions of forms, and an index of what is said."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from libs.common.db.metadata import mechanism
from libs.common.db.types import Id, Json, Utc

form_version = Table(
    "form_version",
    mechanism,
    Column("document", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("fields", Json, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
)
# Documents hold what they say in a column of their own; here it stands once more, one row per value, to be looked for.
field_value = Table(
    "field_value",
    mechanism,
    Column("document", String(32), primary_key=True),
    Column("document_id", Id, primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("word", String(64), nullable=False),
    Column("ordinal", BigInteger),
)
