"""The tables of exchange: rates, and the journal's entries of other currencies in the company's own."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, Text

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("from_currency", Currency, primary_key=True),
    Column("to_currency", Currency, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rate_e10", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("set_by", String(64)),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("rate_e10 BETWEEN 1 AND 1000000000000000000", name="exchange_rate_positive"),
    CheckConstraint("from_currency <> to_currency", name="exchange_rate_of_two"),
)

# An entry of another currency once more, as the company's books carry it; the seal requires that it balances too.
company_posting = Table(
    "company_posting",
    metadata,
    Column("entry_id", Id, ForeignKey("journal_entry.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("account", String(12), ForeignKey("ledger_account.code"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("debit_minor", BigInteger, nullable=False),
    Column("credit_minor", BigInteger, nullable=False),
    Column("tax_code", String(20)),
    Column("tax_ppm", Integer),
    CheckConstraint(
        f"debit_minor BETWEEN 0 AND {CAP} AND credit_minor BETWEEN 0 AND {CAP}",
        name="company_posting_amounts",
    ),
    CheckConstraint("debit_minor = 0 OR credit_minor = 0", name="company_posting_one_sided"),
)

# What the stock of items that are valued in another currency is carried at: signed, for what leaves may be heard first.
carried_stock = Table(
    "carried_stock",
    metadata,
    Column("currency", Currency, primary_key=True),
    Column("company_currency", Currency, primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("carried_minor", BigInteger, nullable=False),
    CheckConstraint(
        f"amount_minor BETWEEN -{CAP} AND {CAP} AND carried_minor BETWEEN -{CAP} AND {CAP}",
        name="carried_stock_amounts",
    ),
    CheckConstraint("amount_minor <> 0 OR carried_minor = 0", name="carried_stock_of_nothing"),
)
