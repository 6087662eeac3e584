"""The chart of accounts as data: roles, names in two languages, a tree; and entries that are about a supplier."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0012"
down_revision = "0011"
# (code, name, name in Chinese, kind, role): the chart that was fixed so far, and what is posted to from now on.
BASIC = (
    ("1000", "Bank", "银行存款", "asset", "bank"),
    ("1200", "Trade receivables", "应收账款", "asset", "receivable"),
    ("1300", "Inventory", "库存商品", "asset", "stock"),
    ("1400", "Input tax (VAT)", "应交增值税（进项税额）", "asset", "input_vat"),
    ("2000", "Trade payables", "应付账款", "liability", "payable"),
    ("2050", "Goods received, not invoiced", "暂估应付账款", "liability", "grni"),
    ("2100", "Customer advances", "预收账款", "liability", "advances"),
    ("2200", "Output tax (VAT)", "应交增值税（销项税额）", "liability", "output_vat"),
    ("3000", "Opening balances", "期初余额", "equity", "opening"),
    ("4000", "Sales revenue", "主营业务收入", "income", "revenue"),
    ("5000", "Cost of sales", "销售商品成本", "expense", "cost_of_sales"),
    ("5100", "Purchase price differences", "采购价格差异", "expense", "price_difference"),
    ("6800", "Bad debt losses", "信用减值损失", "expense", "bad_debt"),
    ("7000", "Realised exchange differences", "汇兑损益", "income", "exchange"),
)
_HAS_A_ROLE = sa.text("role IS NOT NULL")


def upgrade() -> None:
    """Let accounts play roles, and let an entry be about a supplier instead of a customer."""
    _accounts()
    _choices()
    _entries()


def _accounts() -> None:
    for column in (
        sa.Column("name_zh", sa.Text),
        sa.Column("role", sa.String(24)),
        sa.Column("parent", sa.String(12)),
        sa.Column("own", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("ledger_account", column)
    _play()
    op.create_index(
        "ledger_account_by_role",
        "ledger_account",
        ["role"],
        unique=True,
        postgresql_where=_HAS_A_ROLE,
        sqlite_where=_HAS_A_ROLE,
    )


def _play() -> None:
    """Give every account its role; one that is there already keeps the name that it has."""
    account = sa.table("ledger_account", *map(sa.column, ("code", "name", "name_zh", "kind", "role")))
    for code, name, name_zh, kind, role in BASIC:
        there = sa.exists().where(account.c.code == code)
        values = (sa.literal(value) for value in (code, name, name_zh, kind, role))
        new = sa.select(*values).where(~there)
        op.execute(sa.update(account).where(account.c.code == code).values(name_zh=name_zh, role=role))
        op.execute(sa.insert(account).from_select(["code", "name", "name_zh", "kind", "role"], new))


def _choices() -> None:
    op.create_table(
        "ledger_chart",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("chart", sa.String(16), nullable=False),
        sa.Column("chosen_by", sa.Text),
        sa.Column("chosen_at", Utc, nullable=False),
        sa.CheckConstraint("chart IN ('basic', 'international', 'china')", name="ledger_chart_name"),
    )
    for act in ("UPDATE", "DELETE"):
        head = f"CREATE TRIGGER ledger_chart_no_{act.lower()} BEFORE {act} ON ledger_chart"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'ledger_chart is append-only'); END")


def _entries() -> None:
    id_type = Id().compile(dialect=op.get_bind().dialect)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("journal_entry", "customer_id", nullable=True)
        op.alter_column("journal_entry", "kind", type_=sa.String(16))
    else:
        _lift(f"customer_id {id_type} NOT NULL", f"customer_id {id_type}")
        _lift("kind VARCHAR(10) NOT NULL", "kind VARCHAR(16) NOT NULL")
    # A column that is added may have a check of its own; the entries that there are satisfy it.
    op.execute(
        f"ALTER TABLE journal_entry ADD COLUMN supplier_id {id_type} "
        "CONSTRAINT journal_entry_party CHECK (customer_id IS NULL OR supplier_id IS NULL)"
    )
    op.create_index("journal_entry_by_supplier", "journal_entry", ["supplier_id"])


def _lift(before: str, after: str) -> None:
    """Rewrite a column's declaration in SQLite's own catalogue, which is how its manual says to lift a NOT NULL.

    To write the table anew is no way: postings and seals point at it, and its triggers refuse to let rows go.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'journal_entry' AND instr(sql, ?) > 0",
        (before, after, before),
    )
    assert changed.rowcount == 1, f"journal_entry has no {before}"
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    """Take the choice of a chart away; columns stay, for entries about suppliers have no customer to go back to."""
    op.drop_table("ledger_chart")
