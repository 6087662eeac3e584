"""What documents and those whom they are about say of the company's own forms."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table

from libs.common.db.types import Id, Json
from services.sales.store.tables import metadata

quotation_form = Table(
    "quotation_form",
    metadata,
    Column("quotation_id", Id, ForeignKey("quotation.id"), primary_key=True),
    Column("fields", Json, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("filled_by", Json, nullable=False),
)
# Replicas, as crm and inventory tell them: no foreign key, for what is said may come before whom it is about.
customer_form = Table(
    "customer_form",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("fields", Json, nullable=False),
)
item_form = Table(
    "item_form",
    metadata,
    Column("item_id", Id, primary_key=True),
    Column("fields", Json, nullable=False),
)
