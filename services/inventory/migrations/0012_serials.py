"""Serial numbers with their history, and lots that are set aside because their day is over."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0012"
down_revision = "0011"
TABLES = ("serial", "serial_event", "goods_return_serial", "stock_count_serial")
STATES = "'in_stock', 'picked', 'under_way', 'quarantine', 'shipped', 'scrapped', 'consumed', 'lost'"
HERE = "'in_stock', 'picked', 'under_way', 'quarantine'"
OUTCOMES = "'expected', 'not_received', 'in_quarantine', 'restocked', 'scrapped'"
WHOLE = "NOT serial_tracked OR (decimals = 0 AND NOT lot_tracked)"


def upgrade() -> None:
    """Let items be kept by serial number, create the tables, and let stock rows say that they are set aside."""
    op.execute(
        "ALTER TABLE item ADD COLUMN serial_tracked BOOLEAN NOT NULL DEFAULT false "
        f"CONSTRAINT item_serial_tracked CHECK ({WHOLE})"
    )
    op.execute("ALTER TABLE stock ADD COLUMN expired BOOLEAN NOT NULL DEFAULT false")
    no_more = sa.text("expires_on IS NOT NULL")
    op.create_index(
        "stock_by_expiry", "stock", ["expires_on"], postgresql_where=no_more, sqlite_where=no_more
    )
    _serials()
    _events()
    _returned()
    _counted()
    for act in ("UPDATE", "DELETE"):
        _refuse("serial_event", act)


def _place() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        sa.Column("customer_id", Id),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("line_id", Id),
    )


def _serials() -> None:
    op.create_table(
        "serial",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("serial", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        *_place(),
        sa.Column("changed_at", Utc, nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name="serial_state"),
        sa.CheckConstraint(f"(state IN ({HERE})) = (warehouse_id IS NOT NULL)", name="serial_lies_somewhere"),
        sa.CheckConstraint("(state = 'shipped') = (customer_id IS NOT NULL)", name="serial_is_at_a_customer"),
    )
    op.create_index("serial_by_number", "serial", ["serial"])
    op.create_index("serial_by_place", "serial", ["warehouse_id", "item_id", "state"])
    op.create_index("serial_by_customer", "serial", ["customer_id", "item_id"])
    op.create_index("serial_by_document", "serial", ["document_id"])


def _events() -> None:
    op.create_table(
        "serial_event",
        sa.Column("id", Id, primary_key=True),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("serial", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        *_place(),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "serial"], ["serial.item_id", "serial.serial"], name="serial_event_of"
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name="serial_event_state"),
    )
    op.create_index("serial_event_by_serial", "serial_event", ["item_id", "serial", "id"])
    op.create_index("serial_event_by_document", "serial_event", ["document_id"])


def _returned() -> None:
    op.create_table(
        "goods_return_serial",
        sa.Column("return_id", Id, sa.ForeignKey("goods_return.id"), primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("serial", sa.String(64), primary_key=True),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "serial"], ["serial.item_id", "serial.serial"], name="goods_return_serial_of"
        ),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="goods_return_serial_outcome"),
    )
    is_open = sa.text("outcome IN ('expected', 'in_quarantine')")
    op.create_index(
        "goods_return_serial_open",
        "goods_return_serial",
        ["item_id", "serial"],
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )


def _counted() -> None:
    op.create_table(
        "stock_count_serial",
        sa.Column("count_id", Id, primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("serial", sa.String(64), primary_key=True),
        sa.Column("found", sa.Boolean, nullable=False),
        sa.Column("expected", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id", "line_no"],
            ["stock_count_line.count_id", "stock_count_line.line_no"],
            name="stock_count_serial_of_line",
        ),
        sa.CheckConstraint("found OR expected", name="stock_count_serial_says_something"),
    )


def _refuse(table: str, act: str) -> None:
    """What happened to a serial stays as it was written; the function comes with the mechanism's tables."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables, and with them their triggers."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("stock_by_expiry")
    op.drop_column("stock", "expired")
    op.drop_column("item", "serial_tracked")
