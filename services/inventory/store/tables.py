"""The tables of inventory. Quantities are whole thousandths; every sign and every race has its CHECK."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Json, Milli, Utc

metadata = MetaData()

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sku", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("category", String(120)),
    Column("uom", String(16), nullable=False),
    Column("decimals", SmallInteger, nullable=False),
    Column("lot_tracked", Boolean, nullable=False),
    Column("serial_tracked", Boolean, nullable=False, server_default=text("false")),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("fields", Json, nullable=False),
    Column("form_version", Integer, nullable=False),
    UniqueConstraint("sku", name="item_sku"),
    CheckConstraint("decimals BETWEEN 0 AND 3", name="item_decimals"),
    CheckConstraint("NOT serial_tracked OR (decimals = 0 AND NOT lot_tracked)", name="item_serial_tracked"),
)

warehouse = Table(
    "warehouse",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("quarantine_of", Id, ForeignKey("warehouse.id")),
    Column("transit_to", Id, ForeignKey("warehouse.id")),
    Column("packing_required", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("code", name="warehouse_code"),
    Index("warehouse_one_quarantine", "quarantine_of", unique=True),
    Index("warehouse_one_transit", "transit_to", unique=True),
    Index(
        "warehouse_one_default",
        "is_default",
        unique=True,
        postgresql_where=text("is_default"),
        sqlite_where=text("is_default"),
    ),
)

stock = Table(
    "stock",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("age", Id, nullable=False),
    Column("expires_on", Date),
    Column("on_hand_milli", Milli, nullable=False),
    Column("reserved_milli", Milli, nullable=False),
    Column("expired", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("reserved_milli >= 0", name="stock_reserved_not_negative"),
    CheckConstraint("reserved_milli <= on_hand_milli", name="stock_reserved_on_hand"),
    CheckConstraint("on_hand_milli <= 1000000000000000", name="stock_limit"),
    Index(
        "stock_by_expiry",
        "expires_on",
        postgresql_where=text("expires_on IS NOT NULL"),
        sqlite_where=text("expires_on IS NOT NULL"),
    ),
)

stock_document = Table(
    "stock_document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("reference", String(200)),
    Column("actor", String(120)),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("number", name="stock_document_number"),
    CheckConstraint("kind IN ('opening', 'receipt', 'adjustment')", name="stock_document_kind"),
)

stock_move = Table(
    "stock_move",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("document_id", Id, nullable=False),
    Column("reference", String(200), nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    Column("value_minor", BigInteger),
    CheckConstraint(
        "kind IN ('opening', 'receipt', 'shipment', 'adjustment', 'return', 'restock', 'scrap', 'transfer', "
        "'production', 'consumption', 'supplier_return')",
        name="stock_move_kind",
    ),
    CheckConstraint(
        "quantity_milli <> 0 AND quantity_milli BETWEEN -1000000000000000 AND 1000000000000000",
        name="stock_move_quantity",
    ),
    CheckConstraint(
        "(kind IN ('opening', 'receipt', 'return', 'production') AND quantity_milli > 0) "
        "OR (kind IN ('shipment', 'scrap', 'consumption', 'supplier_return') AND quantity_milli < 0) "
        "OR kind IN ('adjustment', 'restock', 'transfer')",
        name="stock_move_sign",
    ),
    CheckConstraint("value_minor = 0 OR (value_minor > 0) = (quantity_milli > 0)", name="stock_move_value"),
    Index("stock_move_by_row", "item_id", "warehouse_id", "lot", "id"),
    Index("stock_move_by_document", "document_id"),
    Index("stock_move_by_day", "moved_on", postgresql_using="brin"),
)

reservation = Table(
    "reservation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("order_number", String(64), nullable=False),
    Column("customer_id", Id),
    Column("correlation_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ordered_on", Date),
    Column("promised_on", Date),
    Column("queue_no", BigInteger),
    Column("reason", Text),
    Column("detail", Text),
    Column("ship_complete", Boolean, nullable=False, server_default=text("false")),
    Column("source", String(12), nullable=False, server_default="stock"),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("ordered_at", Utc),
    Column("reserved_at", Utc),
    Column("change_no", Integer, nullable=False, server_default="0"),
    Column("confirmed_at", Utc),
    Column("credit_since", Utc),
    Column("takes_part", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("order_id", name="reservation_once_per_order"),
    UniqueConstraint("queue_no", name="reservation_queue_no"),
    CheckConstraint(
        "state IN ('waiting', 'partial', 'reserved', 'released', 'rejected', 'recorded', 'sourcing', 'consumed')",
        name="reservation_state",
    ),
    CheckConstraint(
        "(state IN ('waiting', 'partial')) = (queue_no IS NOT NULL)", name="reservation_waits_in_queue"
    ),
    Index("reservation_by_customer", "customer_id", "id"),
    Index(
        "reservation_partial",
        "id",
        postgresql_where=text("state = 'partial'"),
        sqlite_where=text("state = 'partial'"),
    ),
    Index("reservation_by_promise", "promised_on", "id"),
    Index("reservation_by_order_number", "order_number"),
)

reservation_line = Table(
    "reservation_line",
    metadata,
    Column("reservation_id", Id, ForeignKey("reservation.id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("shipped_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="reservation_line_quantity"),
    CheckConstraint("shipped_milli BETWEEN 0 AND quantity_milli", name="reservation_line_shipped"),
    Index("reservation_line_by_item", "item_id", "reservation_id"),
)

allocation = Table(
    "allocation",
    metadata,
    Column("reservation_id", Id, ForeignKey("reservation.id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("item_id", Id, nullable=False),
    Column("warehouse_id", Id, primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("held_milli", Milli, nullable=False),
    CheckConstraint("held_milli BETWEEN 0 AND 1000000000000000", name="allocation_held"),
    Index("allocation_by_row", "item_id", "warehouse_id", "lot"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("queue_no", BigInteger, primary_key=True, autoincrement=False),
    Column("reservation_id", Id, ForeignKey("reservation.id"), nullable=False),
    Column("quantity_milli", BigInteger, nullable=False),
    CheckConstraint("quantity_milli > 0", name="waiting_quantity"),
    UniqueConstraint("reservation_id", "item_id", name="waiting_once"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("order_id", Id, ForeignKey("reservation.order_id"), nullable=False),
    Column("order_number", String(64), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("promised_on", Date),
    Column("shipped_on", Date),
    Column("backorder_of", Id, ForeignKey("delivery.id")),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("ordered_at", Utc),
    Column("reserved_at", Utc),
    Column("confirmed_at", Utc),
    Column("took_ms", BigInteger),
    Column("credit", String(10), nullable=False, server_default="not_needed"),
    Column("credit_since", Utc),
    UniqueConstraint("number", name="delivery_number"),
    CheckConstraint("credit IN ('not_needed', 'asked', 'granted', 'refused')", name="delivery_credit_state"),
    CheckConstraint(
        "state IN ('draft', 'waiting', 'ready', 'picked', 'packed', 'shipped', 'delivered', 'cancelled')",
        name="delivery_state",
    ),
    CheckConstraint(
        "(state IN ('shipped', 'delivered')) = (shipped_on IS NOT NULL)", name="delivery_shipped_on"
    ),
    Index("delivery_by_order", "order_id"),
    Index("delivery_by_customer", "customer_id", "shipped_on"),
    Index("delivery_by_state", "state", "id"),
    Index(
        "delivery_by_making",
        "created_at",
        "took_ms",
        postgresql_where=text("took_ms IS NOT NULL"),
        sqlite_where=text("took_ms IS NOT NULL"),
    ),
)

delivery_line = Table(
    "delivery_line",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="delivery_line_quantity"),
)

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", String(64)),
    Column("country", Text),
    Column("city", Text),
    Column("updated_at", Utc, nullable=False),
    Column("customer_group", Text),
    Index("customer_by_owner", "owner_id"),
)

supplier = Table(
    "supplier",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("contact_name", String(200)),
    Column("country", String(80)),
    Column("city", String(120)),
    Column("address", Text),
    Column("phone", String(40)),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
)

item_supplier = Table(
    "item_supplier",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("supplier_id", Id, ForeignKey("supplier.id"), nullable=False),
    Index("item_supplier_by_supplier", "supplier_id"),
)

goods_return = Table(
    "goods_return",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("delivery_number", String(32), nullable=False),
    Column("order_id", Id, nullable=False),
    Column("order_number", String(64), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("answer", Text),
    Column("warehouse_id", Id, ForeignKey("warehouse.id")),
    Column("received_on", Date),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("request_id", Id),
    Column("ticket_id", Id),
    Column("ticket_number", String(32)),
    UniqueConstraint("number", name="goods_return_number"),
    CheckConstraint(
        "state IN ('requested', 'approved', 'received', 'closed', 'rejected', 'cancelled')",
        name="goods_return_state",
    ),
    CheckConstraint(
        "(state IN ('received', 'closed')) = (warehouse_id IS NOT NULL AND received_on IS NOT NULL)",
        name="goods_return_received",
    ),
    Index("goods_return_by_order", "order_id"),
    Index("goods_return_by_delivery", "delivery_id"),
    Index("goods_return_by_customer", "customer_id", "id"),
    Index("goods_return_of_request", "request_id", unique=True),
    Index("goods_return_by_state", "state", "id"),
)

goods_return_line = Table(
    "goods_return_line",
    metadata,
    Column("return_id", Id, ForeignKey("goods_return.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_id", Id, nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("received_milli", Milli, nullable=False),
    Column("restocked_milli", Milli, nullable=False),
    Column("scrapped_milli", Milli, nullable=False),
    Column("credit", Boolean, nullable=False),
    Column("note", Text),
    Column("cost_minor", BigInteger),
    Column("cost_currency", Currency),
    CheckConstraint("quantity_milli > 0", name="goods_return_line_quantity"),
    CheckConstraint("received_milli BETWEEN 0 AND quantity_milli", name="goods_return_line_received"),
    CheckConstraint(
        "restocked_milli >= 0 AND scrapped_milli >= 0 AND (restocked_milli + scrapped_milli = 0 "
        "OR restocked_milli + scrapped_milli = received_milli)",
        name="goods_return_line_inspected",
    ),
)

# How much of a shipped line is to come back or came back: the one row that two returns meet on, and its bounds.
returned_part = Table(
    "returned_part",
    metadata,
    Column("delivery_id", Id, ForeignKey("delivery.id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("shipped_milli", Milli, nullable=False),
    Column("returned_milli", Milli, nullable=False),
    CheckConstraint("returned_milli BETWEEN 0 AND shipped_milli", name="returned_part_returned"),
)
