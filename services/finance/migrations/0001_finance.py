"""Accounts and credit, the order replica, invoices, payments, and the ledger."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0001"
down_revision = None

CAP = 10**17
CHART = (
    ("1000", "Bank", "asset"),
    ("1200", "Trade receivables", "asset"),
    ("2100", "Customer advances", "liability"),
    ("4000", "Sales revenue", "income"),
)
TABLES = (
    "account", "limit_change", "credit_hold", "sales_order", "sales_order_line", "invoice", "invoice_line",
    "payment", "allocation", "ledger_account", "journal_entry", "journal_seal", "posting",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables of finance and the triggers that keep what is posted as it is."""
    _credit()
    _orders()
    _invoices()
    _payments()
    _ledger()
    _append_only()
    _fixed_once_posted()
    _balance()


def _between(name: str, *columns: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(" AND ".join(f"{column} BETWEEN 0 AND {CAP}" for column in columns), name=name)


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _credit() -> None:
    op.create_table(
        "account",
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("limit_minor", sa.BigInteger),
        _amount("held_minor"),
        _amount("receivable_minor"),
        _amount("unallocated_minor"),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("stop_reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", Utc, nullable=False),
        _between("account_figures", "held_minor", "receivable_minor", "unallocated_minor"),
        sa.CheckConstraint(f"limit_minor IS NULL OR limit_minor BETWEEN 0 AND {CAP}", name="account_limit"),
    )
    op.create_index("account_by_owner", "account", ["owner_id", "customer_id"])
    op.create_table(
        "limit_change",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("previous_minor", sa.BigInteger),
        sa.Column("limit_minor", sa.BigInteger),
        _amount("exposure_minor"),
        sa.Column("changed_by", sa.Text),
        sa.Column("changed_at", Utc, nullable=False),
    )
    op.create_index("limit_change_by_customer", "limit_change", ["customer_id", "id"])
    op.create_table(
        "credit_hold",
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id")),
        sa.Column("order_number", sa.Text),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("amount_minor"),
        _amount("held_minor"),
        sa.Column("queue_no", sa.BigInteger, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("decided_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'granted', 'used', 'released', 'rejected')", name="credit_hold_state"
        ),
        _between("credit_hold_held", "held_minor"),
        sa.CheckConstraint("state = 'rejected' OR held_minor <= amount_minor", name="credit_hold_part"),
        sa.CheckConstraint("state = 'granted' OR held_minor = 0", name="credit_hold_only_granted"),
        sa.CheckConstraint("state = 'released' OR customer_id IS NOT NULL", name="credit_hold_customer"),
    )
    op.create_index("credit_hold_by_customer", "credit_hold", ["customer_id", "queue_no"])
    still_waiting = sa.text("state = 'waiting'")
    op.create_index(
        "credit_hold_queue",
        "credit_hold",
        ["customer_id", "queue_no"],
        sqlite_where=still_waiting,
        postgresql_where=still_waiting,
    )


def _orders() -> None:
    op.create_table(
        "sales_order",
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("total_minor"),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("confirmed_at", Utc, nullable=False),
        _between("sales_order_total", "total_minor"),
    )
    op.create_table(
        "sales_order_line",
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.order_id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        _amount("amount_minor"),
        sa.Column("invoiced_milli", Milli, nullable=False),
        _amount("invoiced_minor"),
        sa.CheckConstraint(
            f"quantity_milli > 0 AND quantity_milli <= {CAP}", name="sales_order_line_quantity"
        ),
        _between("sales_order_line_amount", "amount_minor"),
        sa.CheckConstraint(
            "invoiced_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_invoiced_quantity"
        ),
        sa.CheckConstraint(
            "invoiced_minor BETWEEN 0 AND amount_minor", name="sales_order_line_invoiced_amount"
        ),
    )
    op.create_index("sales_order_line_by_order", "sales_order_line", ["order_id", "line_no"])


def _invoices() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), unique=True),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("payment_state", sa.String(8), nullable=False),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.order_id"), nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("delivery_id", Id, nullable=False),
        sa.Column("delivery_number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("total_minor"),
        _amount("open_minor"),
        sa.Column("posted_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("paid_on", sa.Date),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("delivery_id", name="invoice_one_per_delivery"),
        sa.CheckConstraint("state IN ('draft', 'posted', 'cancelled')", name="invoice_state"),
        sa.CheckConstraint(
            "state <> 'posted' OR (number IS NOT NULL AND posted_on IS NOT NULL AND due_on IS NOT NULL)",
            name="invoice_posted_is_numbered",
        ),
        _between("invoice_total", "total_minor"),
        sa.CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="invoice_open"),
        sa.CheckConstraint(
            "payment_state = CASE WHEN open_minor = 0 THEN 'paid'"
            " WHEN open_minor = total_minor THEN 'not_paid' ELSE 'partial' END",
            name="invoice_payment_state",
        ),
    )
    op.create_index("invoice_by_order", "invoice", ["order_id"])
    op.create_index("invoice_by_customer", "invoice", ["customer_id", "id"])
    still_open = sa.text("open_minor > 0")
    op.create_index(
        "invoice_open_by_customer",
        "invoice",
        ["customer_id", "due_on"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("order_line_id", Id, sa.ForeignKey("sales_order_line.order_line_id"), nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        _amount("amount_minor"),
        sa.UniqueConstraint("invoice_id", "order_line_id", name="invoice_line_once"),
        sa.CheckConstraint(f"quantity_milli > 0 AND quantity_milli <= {CAP}", name="invoice_line_quantity"),
        _between("invoice_line_amount", "amount_minor"),
    )
    op.create_index("invoice_line_by_order_line", "invoice_line", ["order_line_id"])


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("amount_minor"),
        _amount("unallocated_minor"),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("recorded_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("customer_id", "reference", name="payment_reference_once"),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="payment_amount"),
        sa.CheckConstraint("unallocated_minor BETWEEN 0 AND amount_minor", name="payment_unallocated"),
    )
    op.create_index("payment_by_customer", "payment", ["customer_id", "id"])
    op.create_table(
        "allocation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("payment_id", Id, sa.ForeignKey("payment.id"), nullable=False),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("amount_minor"),
        sa.Column("allocated_on", sa.Date, nullable=False),
        sa.Column("days_to_pay", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="allocation_amount"),
        sa.CheckConstraint("days_to_pay >= 0", name="allocation_days"),
    )
    op.create_index("allocation_by_payment", "allocation", ["payment_id"])
    op.create_index("allocation_by_invoice", "allocation", ["invoice_id"])


def _ledger() -> None:
    chart = op.create_table(
        "ledger_account",
        sa.Column("code", sa.String(12), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="ledger_account_kind"
        ),
    )
    op.bulk_insert(chart, [dict(zip(("code", "name", "kind"), row, strict=True)) for row in CHART])
    _entries_and_seals()
    op.create_table(
        "posting",
        sa.Column("entry_id", Id, sa.ForeignKey("journal_entry.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(12), sa.ForeignKey("ledger_account.code"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("debit_minor"),
        _amount("credit_minor"),
        _between("posting_amounts", "debit_minor", "credit_minor"),
        sa.CheckConstraint("(debit_minor = 0) <> (credit_minor = 0)", name="posting_one_sided"),
    )
    op.create_index("posting_by_account", "posting", ["account", "currency"])


def _entries_and_seals() -> None:
    """Create the two tables that refer to each other; the entry's reference waits for the commit."""
    postgres = op.get_bind().dialect.name == "postgresql"
    sealed = sa.ForeignKeyConstraint(
        ["id"],
        ["journal_seal.entry_id"],
        name="journal_entry_is_sealed",
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("document_number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("posted_on", sa.Date, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("recorded_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("kind", "document_id", name="journal_entry_once_per_document"),
        *([] if postgres else [sealed]),
    )
    op.create_index("journal_entry_by_document", "journal_entry", ["document_id"])
    op.create_index("journal_entry_by_customer", "journal_entry", ["customer_id"])
    op.create_table(
        "journal_seal",
        sa.Column(
            "entry_id", Id, sa.ForeignKey("journal_entry.id", name="journal_seal_of_entry"), primary_key=True
        ),
    )
    if postgres:
        op.create_foreign_key(
            "journal_entry_is_sealed",
            "journal_entry",
            "journal_seal",
            ["id"],
            ["entry_id"],
            deferrable=True,
            initially="DEFERRED",
        )


def _append_only() -> None:
    """Refuse to change or delete what was posted; on PostgreSQL by the mechanism's own function."""
    for table in ("journal_entry", "journal_seal", "posting", "invoice_line", "allocation", "limit_change"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    for table in ("invoice", "payment"):
        _refuse(table, "DELETE")


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


def _fixed_once_posted() -> None:
    """Refuse to change an invoice or payment but for what allocations move."""
    _fixed(
        "invoice",
        "id, number, state, order_id, delivery_id, customer_id, currency, total_minor, posted_on, due_on",
        "OLD.state = 'posted'",
    )
    _fixed("payment", "id, number, customer_id, currency, amount_minor, reference, received_on", "1 = 1")


def _fixed(table: str, columns: str, when: str) -> None:
    head = f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} WHEN ({when}) EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} WHEN {when} BEGIN SELECT RAISE(ABORT, 'a posted {table} may not be changed'); END"
        )


_UNBALANCED = (
    "(SELECT count(*) FROM posting WHERE entry_id = NEW.entry_id) < 2 OR EXISTS (SELECT 1 FROM posting "
    "WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor))"
)
_SEALED = "EXISTS (SELECT 1 FROM journal_seal WHERE entry_id = NEW.entry_id)"


def _balance() -> None:
    """Seal an entry only when it balances in every currency, and post nothing to a sealed one."""
    _refuse_when("journal_seal", "require_balance", _UNBALANCED, "the entry does not balance")
    _refuse_when("posting", "require_unsealed", _SEALED, "the entry is sealed")


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


def downgrade() -> None:
    """Drop what upgrade made."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("journal_entry_is_sealed", "journal_entry")
        for table in reversed(TABLES):
            op.execute(
                f"DROP TABLE {table}" if table != "journal_entry" else "DROP TABLE journal_entry CASCADE"
            )
        op.execute("DROP FUNCTION require_balance(); DROP FUNCTION require_unsealed()")
        return
    for table in reversed(TABLES):
        op.drop_table(table)
