"""Accounts for what changes the value of stock, and what suppliers' documents and stock are carried at."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency

revision = "0018"
down_revision = "0017"
CAP = 10**17
# (role, kind, name, name in Chinese, code in the charts basic, international, china)
ROLES = (
    ("wip", "asset", "Work in progress", "生产成本", "1320", "1220", "5001"),
    ("stock_gain", "income", "Inventory adjustment gains", "存货盘盈", "7100", "4910", "630101"),
    ("stock_loss", "expense", "Inventory adjustment losses", "存货盘亏", "5200", "5030", "671101"),
    ("scrap", "expense", "Scrap and goods lost", "存货报废及损失", "5210", "5040", "671102"),
    ("revaluation", "expense", "Inventory revaluation", "存货价值调整", "5220", "5050", "670101"),
    ("production_difference", "expense", "Production differences", "生产差异", "5110", "5025", "640103"),
    ("unordered", "liability", "Goods received without an order", "无订单暂估", "2060", "2025", "220203"),
    ("conversion", "asset", "Currency clearing", "外币兑换", "1090", "1020", "101299"),
    (
        "unrealised_exchange", "income", "Unrealised exchange differences", "未实现汇兑损益", "7010", "4905", "606101",
    ),
    (
        "receivable_revalued", "asset", "Revaluation of receivables", "应收账款汇率重估", "1210", "1110", "112201",
    ),
    ("payable_revalued", "liability", "Revaluation of payables", "应付账款汇率重估", "2010", "2015", "220204"),
)  # fmt: skip
PARENTS = {
    "international": {"asset": "1", "liability": "2", "income": "4", "expense": "5"},
    "china": {"112201": "1122", "220203": "2202", "220204": "2202", "606101": "6061", "640103": "6401"},
}
CARRIED = ("supplier_invoice", "supplier_payment")


def upgrade() -> None:
    """Open the accounts in the chart that was chosen, and add the columns; what is there is in no company books."""
    _open()
    for table in CARRIED:
        op.add_column(table, sa.Column("company_currency", Currency))
        op.add_column(table, sa.Column("company_minor", sa.BigInteger))
    _fixed("supplier_invoice", "OLD.state <> 'on_hold'")
    op.add_column("bought_line", sa.Column("carried_currency", Currency))
    op.add_column("bought_line", sa.Column("carried_minor", sa.BigInteger))
    # Of what came in and was invoiced alike nothing is carried; what is open was never in the company's books.
    op.execute("UPDATE bought_line SET carried_minor = 0 WHERE received_minor = invoiced_minor")
    op.create_table(
        "carried_stock",
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("company_currency", Currency, primary_key=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("carried_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            f"amount_minor BETWEEN -{CAP} AND {CAP} AND carried_minor BETWEEN -{CAP} AND {CAP}",
            name="carried_stock_amounts",
        ),
        sa.CheckConstraint("amount_minor <> 0 OR carried_minor = 0", name="carried_stock_of_nothing"),
    )


def _open() -> None:
    """Open an account for each role that has none; where its code is taken, the first posting to it finds another."""
    bind = op.get_bind()
    chosen = bind.execute(
        sa.text("SELECT chart FROM ledger_chart ORDER BY version DESC LIMIT 1")
    ).scalar_one_or_none()
    chart = chosen or "basic"
    names = ("code", "name", "name_zh", "kind", "role", "parent", "own")
    account = sa.table("ledger_account", *(sa.column(name) for name in names))
    known = bind.execute(sa.select(account.c.code, account.c.role)).all()
    codes, roles = {row.code for row in known}, {row.role for row in known}
    for role, kind, name, name_zh, *of_charts in ROLES:
        code = of_charts[("basic", "international", "china").index(chart)]
        if role in roles or code in codes:
            continue
        above = PARENTS.get(chart, {})
        parent = above.get(code, above.get(kind))
        values = (code, name, name_zh, kind, role, parent if parent in codes else None, False)
        op.execute(sa.insert(account).values(dict(zip(names, values, strict=True))))


def _fixed(table: str, when: str) -> None:
    """Refuse to change what a posted document is carried at."""
    columns = "company_currency, company_minor"
    head = f"CREATE TRIGGER {table}_carried_is_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} WHEN ({when}) EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} WHEN {when} BEGIN SELECT RAISE(ABORT, 'a posted {table} may not be changed'); END"
        )


def downgrade() -> None:
    """Drop the table and the columns; the accounts stay, for something may be posted to them."""
    on = " ON supplier_invoice" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER supplier_invoice_carried_is_fixed{on}")
    op.drop_table("carried_stock")
    op.execute("ALTER TABLE bought_line DROP COLUMN carried_minor")
    op.execute("ALTER TABLE bought_line DROP COLUMN carried_currency")
    for table in CARRIED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN company_minor")
        op.execute(f"ALTER TABLE {table} DROP COLUMN company_currency")
