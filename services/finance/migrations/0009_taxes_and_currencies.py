"""Tax on orders, invoices and credit notes, exchange rates, and the journal in the company's currency."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0009"
down_revision = "0008"
CAP = 10**17
_RATE = ("tax_ppm INTEGER NOT NULL DEFAULT 0", "tax_ppm BETWEEN 0 AND 1000000")
_TAX = ("tax_minor BIGINT NOT NULL DEFAULT 0", f"tax_minor BETWEEN 0 AND {CAP}")
_OF_TOTAL = ("tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor BETWEEN 0 AND total_minor")
_ACCOUNTS = (
    {"code": "2200", "name": "Output tax (VAT)", "kind": "liability"},
    {"code": "3000", "name": "Opening balances", "kind": "equity"},
    {"code": "7000", "name": "Realised exchange differences", "kind": "income"},
)
_UNBALANCED = (
    "EXISTS (SELECT 1 FROM company_posting WHERE entry_id = NEW.entry_id "
    "GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor))"
)
_SEALED = "EXISTS (SELECT 1 FROM journal_seal WHERE entry_id = NEW.entry_id)"


def upgrade() -> None:
    """Add the columns; nothing that was posted so far bears a tax. What is posted keeps its tax as it is."""
    chart = sa.table("ledger_account", *(sa.column(name) for name in _ACCOUNTS[0]))
    op.bulk_insert(chart, list(_ACCOUNTS))
    for table in ("sales_order_line", "invoice_line"):
        op.add_column(table, sa.Column("tax_code", sa.String(20)))
        _add(table, *_RATE)
        _add(table, *_TAX)
    _add(
        "sales_order_line",
        "invoiced_tax_minor BIGINT NOT NULL DEFAULT 0",
        "invoiced_tax_minor BETWEEN 0 AND tax_minor",
    )
    for table in ("invoice", "credit_note"):
        _add(table, *_OF_TOTAL)
        op.create_index(f"{table}_by_day", table, ["posted_on"])
    for table in ("credit_note_line", "credited_line"):
        _add(table, "tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor >= 0")
    _add(
        "credited_line",
        "credited_tax_minor BIGINT NOT NULL DEFAULT 0",
        "credited_tax_minor BETWEEN 0 AND tax_minor",
    )
    op.add_column("posting", sa.Column("tax_code", sa.String(20)))
    op.add_column("posting", sa.Column("tax_ppm", sa.Integer))
    for table in ("invoice", "payment", "credit_note"):
        op.add_column(table, sa.Column("company_currency", Currency))
        op.add_column(table, sa.Column("company_minor", sa.BigInteger))
    op.add_column("credit_note", sa.Column("left_minor", sa.BigInteger))
    _fixed("invoice", "tax_minor, company_currency, company_minor", "OLD.state = 'posted'")
    _fixed("credit_note", "tax_minor, company_currency, company_minor, left_minor", "1 = 1")
    _fixed("payment", "company_currency, company_minor", "1 = 1")
    _exchange()


def _exchange() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("from_currency", Currency, primary_key=True),
        sa.Column("to_currency", Currency, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rate_e10", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("set_by", sa.String(64)),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("rate_e10 BETWEEN 1 AND 1000000000000000000", name="exchange_rate_positive"),
        sa.CheckConstraint("from_currency <> to_currency", name="exchange_rate_of_two"),
    )
    op.create_table(
        "company_posting",
        sa.Column("entry_id", Id, sa.ForeignKey("journal_entry.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(12), sa.ForeignKey("ledger_account.code"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("debit_minor", sa.BigInteger, nullable=False),
        sa.Column("credit_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_code", sa.String(20)),
        sa.Column("tax_ppm", sa.Integer),
        sa.CheckConstraint(
            f"debit_minor BETWEEN 0 AND {CAP} AND credit_minor BETWEEN 0 AND {CAP}",
            name="company_posting_amounts",
        ),
        sa.CheckConstraint("debit_minor = 0 OR credit_minor = 0", name="company_posting_one_sided"),
    )
    for table in ("exchange_rate", "company_posting"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    _refuse_when(
        "journal_seal",
        "require_company_balance",
        _UNBALANCED,
        "the entry does not balance in company currency",
    )
    _refuse_when("company_posting", "require_unsealed_company", _SEALED, "the entry is sealed")


def _refuse(table: str, act: str) -> None:
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        if act == "DELETE":
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refuse_when(table: str, name: str, condition: str, message: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _add(table: str, column: str, check: str) -> None:
    """Add a column with its check by the words that both engines know."""
    name = column.split()[0]
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {table}_{name} CHECK ({check})")


def _fixed(table: str, columns: str, when: str) -> None:
    head = f"CREATE TRIGGER {table}_tax_is_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} WHEN ({when}) EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} WHEN {when} BEGIN SELECT RAISE(ABORT, 'a posted {table} may not be changed'); END"
        )


def downgrade() -> None:
    """Drop the columns; the account can only go while nothing was posted to it."""
    postgres = op.get_bind().dialect.name == "postgresql"
    on = " ON journal_seal" if postgres else ""
    op.execute(f"DROP TRIGGER journal_seal_require_company_balance{on}")
    for table in ("company_posting", "exchange_rate"):
        op.drop_table(table)
    if postgres:
        op.execute("DROP FUNCTION require_company_balance(); DROP FUNCTION require_unsealed_company()")
    for table in ("credit_note", "payment", "invoice"):
        on = f" ON {table}" if postgres else ""
        op.execute(f"DROP TRIGGER {table}_tax_is_fixed{on}")
        for column in ("company_minor", "company_currency"):
            op.drop_column(table, column)
    op.drop_column("credit_note", "left_minor")
    for table in ("credit_note", "invoice"):
        op.drop_index(f"{table}_by_day")
    _drop("posting", "tax_ppm", "tax_code")
    _drop("credited_line", "credited_tax_minor", "tax_minor")
    _drop("credit_note_line", "tax_minor")
    for table in ("credit_note", "invoice"):
        _drop(table, "tax_minor")
    _drop("sales_order_line", "invoiced_tax_minor")
    for table in ("invoice_line", "sales_order_line"):
        _drop(table, "tax_minor", "tax_ppm", "tax_code")
    op.execute("DELETE FROM ledger_account WHERE code IN ('2200', '3000', '7000')")


def _drop(table: str, *columns: str) -> None:
    for column in columns:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
