"""What stock is worth: a row per item, the value of each move, what was valued anew; transfers are a kind of move."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0008"
down_revision = "0007"
LIMIT = 10**15
CAP = 10**17
KINDS_BEFORE = "kind IN ('opening', 'receipt', 'shipment', 'adjustment', 'return', 'restock', 'scrap')"
SIGNS_BEFORE = (
    "(kind IN ('opening', 'receipt', 'return') AND quantity_milli > 0) "
    "OR (kind IN ('shipment', 'scrap') AND quantity_milli < 0) OR kind IN ('adjustment', 'restock')"
)
KINDS = "kind IN ('opening', 'receipt', 'shipment', 'adjustment', 'return', 'restock', 'scrap', 'transfer')"
SIGNS = (
    "(kind IN ('opening', 'receipt', 'return') AND quantity_milli > 0) "
    "OR (kind IN ('shipment', 'scrap') AND quantity_milli < 0) OR kind IN ('adjustment', 'restock', 'transfer')"
)
VALUE = "value_minor = 0 OR (value_minor > 0) = (quantity_milli > 0)"
MOVE_COLUMNS = (
    "id", "item_id", "warehouse_id", "lot", "quantity_milli", "kind", "document_id", "reference", "moved_on", "actor",
    "recorded_at",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, and count what lies there; what it is worth, nobody said yet."""
    _ledger(KINDS, SIGNS, valued=True)
    op.create_index("stock_move_by_day", "stock_move", ["moved_on"], postgresql_using="brin")
    for name, type_ in (("cost_minor", "BIGINT"), ("cost_currency", "CHAR(3)")):
        op.execute(f"ALTER TABLE goods_return_line ADD COLUMN {name} {type_}")
    _values()
    _revaluations()
    op.execute(
        "INSERT INTO item_value (item_id, quantity_milli, value_minor, changed_at) "
        "SELECT s.item_id, SUM(s.on_hand_milli), 0, MIN(i.updated_at) FROM stock s JOIN item i ON i.id = s.item_id "
        "JOIN warehouse w ON w.id = s.warehouse_id WHERE w.quarantine_of IS NULL GROUP BY s.item_id"
    )


def _ledger(kinds: str, signs: str, *, valued: bool) -> None:
    """Change what the ledger holds; SQLite can only do so by writing the table anew, with all its rows."""
    if op.get_bind().dialect.name == "postgresql":
        for name, check in (("stock_move_kind", kinds), ("stock_move_sign", signs)):
            op.drop_constraint(name, "stock_move")
            op.create_check_constraint(name, "stock_move", check)
        if valued:
            op.add_column("stock_move", sa.Column("value_minor", sa.BigInteger))
            op.create_check_constraint("stock_move_value", "stock_move", VALUE)
        else:
            op.drop_column("stock_move", "value_minor")
        return
    for index in ("stock_move_by_row", "stock_move_by_document"):
        op.drop_index(index)
    op.rename_table("stock_move", "stock_move_before")
    _moves(kinds, signs, valued=valued)
    before, after = (
        sa.table(name, *map(sa.column, MOVE_COLUMNS)) for name in ("stock_move_before", "stock_move")
    )
    op.execute(sa.insert(after).from_select(MOVE_COLUMNS, sa.select(before)))
    op.drop_table("stock_move_before")
    for act in ("UPDATE", "DELETE"):
        _refuse("stock_move", act)


def _moves(kinds: str, signs: str, *, valued: bool) -> None:
    value = (sa.Column("value_minor", sa.BigInteger), sa.CheckConstraint(VALUE, name="stock_move_value"))
    op.create_table(
        "stock_move",
        sa.Column("id", Id, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint(kinds, name="stock_move_kind"),
        sa.CheckConstraint(
            f"quantity_milli <> 0 AND quantity_milli BETWEEN -{LIMIT} AND {LIMIT}", name="stock_move_quantity"
        ),
        sa.CheckConstraint(signs, name="stock_move_sign"),
        *(value if valued else ()),
    )
    op.create_index("stock_move_by_row", "stock_move", ["item_id", "warehouse_id", "lot", "id"])
    op.create_index("stock_move_by_document", "stock_move", ["document_id"])


def _values() -> None:
    op.create_table(
        "item_value",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("quantity_milli", sa.BigInteger, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency),
        sa.Column("unit_cost_e4", sa.BigInteger),
        sa.Column("changed_at", Utc, nullable=False),
        sa.CheckConstraint("quantity_milli >= 0", name="item_value_quantity"),
        sa.CheckConstraint(f"value_minor BETWEEN 0 AND {CAP}", name="item_value_value"),
        sa.CheckConstraint("quantity_milli > 0 OR value_minor = 0", name="item_value_of_nothing"),
        sa.CheckConstraint(
            "(currency IS NULL) = (unit_cost_e4 IS NULL) AND (currency IS NOT NULL OR value_minor = 0)",
            name="item_value_known",
        ),
        sa.CheckConstraint(f"unit_cost_e4 BETWEEN 0 AND {CAP}", name="item_value_unit_cost"),
    )


def _revaluations() -> None:
    op.create_table(
        "revaluation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("unit_cost_e4", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("valued_on", sa.Date, nullable=False),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint(f"value_minor BETWEEN -{CAP} AND {CAP}", name="revaluation_value"),
        sa.CheckConstraint(f"unit_cost_e4 BETWEEN 0 AND {CAP}", name="revaluation_unit_cost"),
    )
    op.create_index("revaluation_by_item", "revaluation", ["item_id", "id"])
    for act in ("UPDATE", "DELETE"):
        _refuse("revaluation", act)


def _refuse(table: str, act: str) -> None:
    """What was booked stays as it is; the function comes with the mechanism's tables."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables; a ledger that knows of transfers refuses to forget their kind."""
    op.drop_table("revaluation")
    op.drop_table("item_value")
    for name in ("cost_minor", "cost_currency"):
        op.drop_column("goods_return_line", name)
    op.drop_index("stock_move_by_day")
    _ledger(KINDS_BEFORE, SIGNS_BEFORE, valued=False)
