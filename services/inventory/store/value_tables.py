"""The tables of what stock is worth."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Text

from libs.common.db.types import Currency, Id, Utc
from services.inventory.store.tables import metadata

# How much there is of an item in all warehouses, without what is in quarantine, and what that is worth. The quantity
# may be more than one stock row can hold, so it is a plain number of thousandths.
item_value = Table(
    "item_value",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("quantity_milli", BigInteger, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("currency", Currency),
    Column("unit_cost_e4", BigInteger),
    Column("changed_at", Utc, nullable=False),
    CheckConstraint("quantity_milli >= 0", name="item_value_quantity"),
    CheckConstraint("value_minor BETWEEN 0 AND 100000000000000000", name="item_value_value"),
    CheckConstraint("quantity_milli > 0 OR value_minor = 0", name="item_value_of_nothing"),
    CheckConstraint(
        "(currency IS NULL) = (unit_cost_e4 IS NULL) AND (currency IS NOT NULL OR value_minor = 0)",
        name="item_value_known",
    ),
    CheckConstraint("unit_cost_e4 BETWEEN 0 AND 100000000000000000", name="item_value_unit_cost"),
)

# What stock became worth without moving: by a person, or because its first cost came to be known.
revaluation = Table(
    "revaluation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("unit_cost_e4", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("valued_on", Date, nullable=False),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint(
        "value_minor BETWEEN -100000000000000000 AND 100000000000000000", name="revaluation_value"
    ),
    CheckConstraint("unit_cost_e4 BETWEEN 0 AND 100000000000000000", name="revaluation_unit_cost"),
    Index("revaluation_by_item", "item_id", "id"),
)
