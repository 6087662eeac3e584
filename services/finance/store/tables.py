"""The tables of finance: checks guard every sign and bound; migrations/ creates them, and the triggers.

Figures on ``account`` are running totals, moved under the row's lock in the transaction of the document that
moves them; ``meridian audit`` recomputes them from the documents.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.finance.store.columns import CAP, bounded, tax_columns

metadata = MetaData()


account = Table(
    "account",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", String(64)),
    Column("currency", Currency, nullable=False),
    Column("limit_minor", BigInteger),
    Column("held_minor", BigInteger, nullable=False),
    Column("receivable_minor", BigInteger, nullable=False),
    Column("unallocated_minor", BigInteger, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("stop_reason", Text),
    Column("version", Integer, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("customer_group", String(40)),
    Column("limit_source", String(8), nullable=False, server_default="company"),
    Column("open_questions", Integer, nullable=False, server_default="0"),
    CheckConstraint("open_questions >= 0", name="account_open_questions"),
    bounded("account_figures", "held_minor", "receivable_minor", "unallocated_minor"),
    CheckConstraint(f"limit_minor IS NULL OR limit_minor BETWEEN 0 AND {CAP}", name="account_limit"),
)
Index("account_by_owner", account.c.owner_id, account.c.customer_id)
Index("account_by_group", account.c.customer_group, account.c.currency, account.c.customer_id)

limit_change = Table(
    "limit_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("previous_minor", BigInteger),
    Column("limit_minor", BigInteger),
    Column("exposure_minor", BigInteger, nullable=False),
    Column("changed_by", Text),
    Column("changed_at", Utc, nullable=False),
)
Index("limit_change_by_customer", limit_change.c.customer_id, limit_change.c.id)

credit_hold = Table(
    "credit_hold",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("account.customer_id")),
    Column("order_number", Text),
    Column("state", String(8), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("queue_no", BigInteger, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("reason", Text),
    Column("asked_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("version", Integer, nullable=False),
    # Of the hold of a change: the order that it is a part of by now.
    Column("joined_order_id", Id),
    CheckConstraint(
        "state IN ('waiting', 'granted', 'used', 'released', 'rejected')", name="credit_hold_state"
    ),
    CheckConstraint(f"held_minor BETWEEN 0 AND {CAP}", name="credit_hold_held"),
    CheckConstraint("state = 'rejected' OR held_minor <= amount_minor", name="credit_hold_part"),
    CheckConstraint("state = 'granted' OR held_minor = 0", name="credit_hold_only_granted"),
    CheckConstraint("state = 'released' OR customer_id IS NOT NULL", name="credit_hold_customer"),
)
Index("credit_hold_by_customer", credit_hold.c.customer_id, credit_hold.c.queue_no)
Index(
    "credit_hold_queue",
    credit_hold.c.customer_id,
    credit_hold.c.queue_no,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)

sales_order = Table(
    "sales_order",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("confirmed_at", Utc, nullable=False),
    Column("payment", String(12), nullable=False, server_default="on_account"),
    Column("invoice_on", String(12), nullable=False, server_default="shipment"),
    Column("change_no", Integer, nullable=False, server_default="0"),
    Column("down_payment_bp", Integer, nullable=False, server_default="0"),
    CheckConstraint("down_payment_bp BETWEEN 0 AND 9999", name="sales_order_down_payment"),
    bounded("sales_order_total", "total_minor"),
)
sales_order_line = Table(
    "sales_order_line",
    metadata,
    Column("order_line_id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.order_id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("invoiced_milli", Milli, nullable=False),
    Column("invoiced_minor", BigInteger, nullable=False),
    *tax_columns(),
    Column("invoiced_tax_minor", BigInteger, nullable=False, server_default="0"),
    Column("kept_milli", Milli, nullable=False, server_default="0"),
    Column("kept_minor", BigInteger, nullable=False, server_default="0"),
    Column("kept_tax_minor", BigInteger, nullable=False, server_default="0"),
    Column("waived_milli", Milli, nullable=False, server_default="0"),
    Column("kept_waived_milli", Milli, nullable=False, server_default="0"),
    CheckConstraint(
        "waived_milli BETWEEN 0 AND quantity_milli - invoiced_milli", name="sales_order_line_waived"
    ),
    CheckConstraint(f"quantity_milli > 0 AND quantity_milli <= {CAP}", name="sales_order_line_quantity"),
    bounded("sales_order_line_amount", "amount_minor"),
    CheckConstraint("invoiced_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_invoiced_quantity"),
    CheckConstraint("invoiced_minor BETWEEN 0 AND amount_minor", name="sales_order_line_invoiced_amount"),
    CheckConstraint(f"tax_minor BETWEEN 0 AND {CAP}", name="sales_order_line_tax_minor"),
    CheckConstraint("invoiced_tax_minor BETWEEN 0 AND tax_minor", name="sales_order_line_invoiced_tax_minor"),
)
Index("sales_order_line_by_order", sales_order_line.c.order_id, sales_order_line.c.line_no)

invoice = Table(
    "invoice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), unique=True),
    Column("state", String(9), nullable=False),
    Column("payment_state", String(8), nullable=False),
    Column("order_id", Id, ForeignKey("sales_order.order_id"), nullable=False),
    Column("order_number", Text, nullable=False),
    Column("delivery_id", Id, nullable=False),
    Column("delivery_number", Text, nullable=False),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    Column("posted_on", Date),
    Column("due_on", Date),
    Column("paid_on", Date),
    Column("correlation_id", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("tax_minor", BigInteger, nullable=False, server_default="0"),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    Column("kind", String(12), nullable=False, server_default="goods"),
    Column("discount_minor", BigInteger, nullable=False, server_default="0"),
    Column("discount_until", Date),
    UniqueConstraint("delivery_id", name="invoice_one_per_delivery"),
    CheckConstraint("kind IN ('goods', 'down_payment')", name="invoice_kind"),
    CheckConstraint("discount_minor BETWEEN 0 AND total_minor", name="invoice_discount"),
    CheckConstraint("tax_minor BETWEEN 0 AND total_minor", name="invoice_tax_minor"),
    CheckConstraint("state IN ('draft', 'posted', 'cancelled')", name="invoice_state"),
    CheckConstraint(
        "state <> 'posted' OR (number IS NOT NULL AND posted_on IS NOT NULL AND due_on IS NOT NULL)",
        name="invoice_posted_is_numbered",
    ),
    bounded("invoice_total", "total_minor"),
    CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="invoice_open"),
    CheckConstraint(
        "payment_state = CASE WHEN open_minor = 0 THEN 'paid' WHEN open_minor = total_minor THEN 'not_paid'"
        " ELSE 'partial' END",
        name="invoice_payment_state",
    ),
)
Index("invoice_by_order", invoice.c.order_id)
Index("invoice_by_day", invoice.c.posted_on)
Index("invoice_by_customer", invoice.c.customer_id, invoice.c.id)
Index("invoice_by_payment_state", invoice.c.payment_state, invoice.c.id)
Index(
    "invoice_open_by_customer",
    invoice.c.customer_id,
    invoice.c.due_on,
    sqlite_where=text("open_minor > 0"),
    postgresql_where=text("open_minor > 0"),
)

invoice_line = Table(
    "invoice_line",
    metadata,
    Column("invoice_id", Id, ForeignKey("invoice.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("order_line_id", Id, ForeignKey("sales_order_line.order_line_id"), nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    *tax_columns(),
    UniqueConstraint("invoice_id", "order_line_id", name="invoice_line_once"),
    CheckConstraint(f"tax_minor BETWEEN 0 AND {CAP}", name="invoice_line_tax_minor"),
    CheckConstraint(f"quantity_milli > 0 AND quantity_milli <= {CAP}", name="invoice_line_quantity"),
    bounded("invoice_line_amount", "amount_minor"),
)
Index("invoice_line_by_order_line", invoice_line.c.order_line_id)

payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("unallocated_minor", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("recorded_by", Text),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("earmarked_minor", BigInteger, nullable=False, server_default="0"),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    UniqueConstraint("customer_id", "reference", name="payment_reference_once"),
    CheckConstraint("earmarked_minor BETWEEN 0 AND unallocated_minor", name="payment_earmarked"),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="payment_amount"),
    CheckConstraint("unallocated_minor BETWEEN 0 AND amount_minor", name="payment_unallocated"),
)
Index("payment_by_customer", payment.c.customer_id, payment.c.id)
Index(
    "payment_unallocated",
    payment.c.customer_id,
    sqlite_where=text("unallocated_minor > 0"),
    postgresql_where=text("unallocated_minor > 0"),
)

allocation = Table(
    "allocation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("payment_id", Id, ForeignKey("payment.id"), nullable=False),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("allocated_on", Date, nullable=False),
    Column("days_to_pay", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="allocation_amount"),
    CheckConstraint("days_to_pay >= 0", name="allocation_days"),
)
Index("allocation_by_payment", allocation.c.payment_id)
Index("allocation_by_invoice", allocation.c.invoice_id)
Index("allocation_by_day", allocation.c.allocated_on)

dunning_policy = Table(
    "dunning_policy",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("levels", JSON, nullable=False),
    Column("days_between", Integer, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
)
dunning_state = Table(
    "dunning_state",
    metadata,
    Column("invoice_id", Id, ForeignKey("invoice.id"), primary_key=True),
    Column("level", Integer, nullable=False),
    Column("reminded_on", Date),
    Column("paused_until", Date),
    Column("pause_reason", Text),
    CheckConstraint("level BETWEEN 0 AND 9", name="dunning_state_level"),
    CheckConstraint("(level = 0) = (reminded_on IS NULL)", name="dunning_state_reminded"),
)
reminder = Table(
    "reminder",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("level", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("issued_by", Text),
    Column("created_at", Utc, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 9", name="reminder_level"),
    CheckConstraint("total_minor > 0", name="reminder_total"),
)
Index("reminder_by_customer", reminder.c.customer_id, reminder.c.id)
reminder_line = Table(
    "reminder_line",
    metadata,
    Column("reminder_id", Id, ForeignKey("reminder.id"), primary_key=True),
    Column("invoice_id", Id, ForeignKey("invoice.id"), primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("days_overdue", Integer, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    Column("level", Integer, nullable=False),
    Column("raised", Boolean, nullable=False),
    CheckConstraint("open_minor > 0", name="reminder_line_open"),
)
Index("reminder_line_by_invoice", reminder_line.c.invoice_id)

period_lock = Table(
    "period_lock",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("locked_until", Date),
    Column("reason", Text),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
)

# Each entry points at its seal, and the seal at its entry. The first reference is checked at the commit only,
# so the order is entry, postings, seal; and the seal's trigger refuses an entry that does not balance. Thus
# neither an unbalanced nor an unsealed entry can be committed, and nothing can be posted to a sealed one.
journal_entry = Table(
    "journal_entry",
    metadata,
    Column(
        "id",
        Id,
        ForeignKey(
            "journal_seal.entry_id",
            name="journal_entry_is_sealed",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        primary_key=True,
    ),
    Column("number", String(20), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("document_id", Id, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("customer_id", Id),
    Column("posted_on", Date, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("recorded_by", Text),
    Column("created_at", Utc, nullable=False),
    Column("supplier_id", Id),
    UniqueConstraint("kind", "document_id", name="journal_entry_once_per_document"),
    CheckConstraint("customer_id IS NULL OR supplier_id IS NULL", name="journal_entry_party"),
)
Index("journal_entry_by_document", journal_entry.c.document_id)
Index("journal_entry_by_customer", journal_entry.c.customer_id)
Index("journal_entry_by_supplier", journal_entry.c.supplier_id)

journal_seal = Table(
    "journal_seal",
    metadata,
    Column("entry_id", Id, ForeignKey("journal_entry.id", name="journal_seal_of_entry"), primary_key=True),
)

posting = Table(
    "posting",
    metadata,
    Column("entry_id", Id, ForeignKey("journal_entry.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("account", String(12), ForeignKey("ledger_account.code"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("debit_minor", BigInteger, nullable=False),
    Column("credit_minor", BigInteger, nullable=False),
    Column("tax_code", String(20)),
    Column("tax_ppm", Integer),
    bounded("posting_amounts", "debit_minor", "credit_minor"),
    CheckConstraint("(debit_minor = 0) <> (credit_minor = 0)", name="posting_one_sided"),
)
Index("posting_by_account", posting.c.account, posting.c.currency)
