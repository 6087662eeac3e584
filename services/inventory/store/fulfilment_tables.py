"""The tables of picking, packing, carriers and what became of a delivery on its way."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Id, Json, Milli, Utc
from services.inventory.store.tables import metadata

# What hands did at the shelves: taken, not found, put back. Append-only; the note's lines say what is so now.
pick_record = Table(
    "pick_record",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("order_line_id", Id, nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("instead_of", String(64)),
    Column("quantity_milli", Milli, nullable=False),
    Column("reason", Text),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint("kind IN ('taken', 'short', 'put_back')", name="pick_record_kind"),
    CheckConstraint("quantity_milli > 0", name="pick_record_quantity"),
    CheckConstraint(
        "(kind = 'taken' AND instead_of IS NULL) OR reason IS NOT NULL", name="pick_record_reason"
    ),
    Index("pick_record_by_delivery", "delivery_id", "id"),
)

stock_discrepancy = Table(
    "stock_discrepancy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("missing_milli", Milli, nullable=False),
    Column("found_milli", Milli, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("note", Text),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("order_line_id", Id, nullable=False),
    Column("document_id", Id, ForeignKey("stock_document.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", Text),
    Column("noted_by", String(120)),
    Column("settled_by", String(120)),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="stock_discrepancy_number"),
    CheckConstraint("state IN ('open', 'settled')", name="stock_discrepancy_state"),
    CheckConstraint(
        "reason IN ('not_found', 'damaged', 'expired', 'other')", name="stock_discrepancy_reason"
    ),
    CheckConstraint(
        "missing_milli > 0 AND found_milli BETWEEN 0 AND missing_milli", name="stock_discrepancy_found"
    ),
    Index("stock_discrepancy_by_state", "state", "id"),
    Index("stock_discrepancy_by_delivery", "delivery_id"),
    Index("stock_discrepancy_by_item", "item_id"),
)

# What a reserved order lacks again because it was not on the shelf. Its place in the queue is before everybody.
missing_part = Table(
    "missing_part",
    metadata,
    Column("reservation_id", Id, ForeignKey("reservation.id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("since", Utc, nullable=False),
    CheckConstraint("quantity_milli > 0", name="missing_part_quantity"),
)

package = Table(
    "package",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("package_no", Integer, primary_key=True, autoincrement=False),
    Column("weight_g", Integer),
    Column("length_mm", Integer),
    Column("width_mm", Integer),
    Column("height_mm", Integer),
    Column("tracking_number", String(64)),
    Column("packed_by", String(120)),
    Column("packed_at", Utc, nullable=False),
    CheckConstraint("package_no > 0", name="package_no_from_one"),
    CheckConstraint(
        "weight_g > 0 AND length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="package_measures"
    ),
)

package_line = Table(
    "package_line",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("package_no", Integer, primary_key=True, autoincrement=False),
    Column("order_line_id", Id, primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("quantity_milli", Milli, nullable=False),
    ForeignKeyConstraint(
        ["delivery_id", "package_no"],
        ["package.delivery_id", "package.package_no"],
        name="package_line_package",
    ),
    CheckConstraint("quantity_milli > 0", name="package_line_quantity"),
)

# What was told of an order that is late for a day; once, however often somebody looks.
delay_notice = Table(
    "delay_notice",
    metadata,
    Column("order_id", Id, ForeignKey("reservation.order_id"), primary_key=True),
    Column("promised_on", Date, primary_key=True),
    Column("waits_for", String(16), nullable=False),
    Column("noticed_on", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint("noticed_on > promised_on", name="delay_notice_after_the_promise"),
)

carrier = Table(
    "carrier",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("tracking_url", String(500)),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("code", name="carrier_code"),
)

shipment = Table(
    "shipment",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("carrier_id", Id, ForeignKey("carrier.id"), nullable=False),
    Index("shipment_by_carrier", "carrier_id"),
)

# A carrier gives a number once: two deliveries with the same one are a slip of the hand.
tracking = Table(
    "tracking",
    metadata,
    Column("carrier_id", Id, ForeignKey("carrier.id"), primary_key=True),
    Column("number", String(64), primary_key=True),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Index("tracking_by_delivery", "delivery_id", "position"),
)

proof_of_delivery = Table(
    "proof_of_delivery",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("delivered_on", Date, nullable=False),
    Column("signed_by", String(200), nullable=False),
    Column("note", Text),
    Column("file_name", String(200)),
    Column("file_sha256", String(64)),
    Column("return_id", Id, ForeignKey("goods_return.id")),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint("(file_name IS NULL) = (file_sha256 IS NULL)", name="proof_of_delivery_file"),
    Index("proof_of_delivery_by_return", "return_id"),
)

pick_list = Table(
    "pick_list",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_by", String(120)),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="pick_list_number"),
    CheckConstraint("state IN ('open', 'picked', 'cancelled')", name="pick_list_state"),
    Index("pick_list_by_state", "state", "id"),
)

# A note is on one open list at a time: nobody goes twice for the same goods.
pick_list_note = Table(
    "pick_list_note",
    metadata,
    Column("pick_list_id", Id, ForeignKey("pick_list.id"), primary_key=True),
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Index(
        "pick_list_note_once",
        "delivery_id",
        unique=True,
        postgresql_where=text("active"),
        sqlite_where=text("active"),
    ),
)

queue_rule = Table(
    "queue_rule",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("groups", Json, nullable=False),
    Column("by_promised_day", Boolean, nullable=False),
    Column("set_by", String(120)),
    Column("set_at", Utc, nullable=False),
)
