"""Taxes: rates by code, the company's setting, who and what bears which code, and what documents came to."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Utc

revision = "0005"
down_revision = "0004"

_ALWAYS = date(1900, 1, 1)
_SEEDS = (
    ("VAT13", date(2019, 4, 1), 130_000, "VAT 13 %", "增值税 13%"),
    ("VAT9", date(2019, 4, 1), 90_000, "VAT 9 %", "增值税 9%"),
    ("VAT6", date(2016, 5, 1), 60_000, "VAT 6 %", "增值税 6%"),
    ("VAT0", _ALWAYS, 0, "VAT 0 % (exports)", "增值税 0%（出口）"),
    ("NO-TAX", _ALWAYS, 0, "No tax", "免税"),
)
_SET_AT = datetime(2026, 1, 1, tzinfo=UTC)
_APPEND_ONLY = ("tax_rate", "tax_setting")
_LINES = ("quotation_line", "sales_order_line")
_HEADS = ("quotation", "sales_order")


def upgrade() -> None:
    """Create the tables with the rates of China, and let every document so far bear no tax."""
    op.create_table(
        "tax_rate",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("ppm", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_zh", sa.String(120), nullable=False),
        sa.Column("set_by", sa.String(64)),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("ppm BETWEEN 0 AND 1000000", name="tax_rate_percent"),
    )
    op.create_table(
        "tax_setting",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("prices", sa.String(9), nullable=False),
        sa.Column("rounding", sa.String(8), nullable=False),
        sa.Column("standard_code", sa.String(20)),
        sa.Column("set_by", sa.String(64)),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("prices IN ('exclusive', 'inclusive')", name="tax_setting_prices"),
        sa.CheckConstraint("rounding IN ('line', 'document')", name="tax_setting_rounding"),
    )
    _seed()
    for table in _APPEND_ONLY:
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    for table in ("item", "customer"):
        op.add_column(table, sa.Column("tax_code", sa.String(20)))
    for table in _LINES:
        op.add_column(table, sa.Column("tax_code", sa.String(20)))
        _add(table, "tax_ppm INTEGER NOT NULL DEFAULT 0", "tax_ppm BETWEEN 0 AND 1000000")
        _add(table, "tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor BETWEEN 0 AND 100000000000000000")
    for table in _HEADS:
        _add(table, "tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor BETWEEN 0 AND total_minor")
        _add(
            table,
            "tax_prices VARCHAR(9) NOT NULL DEFAULT 'exclusive'",
            "tax_prices IN ('exclusive', 'inclusive')",
        )
        _add(table, "tax_rounding VARCHAR(8) NOT NULL DEFAULT 'line'", "tax_rounding IN ('line', 'document')")


def _seed() -> None:
    rates = sa.table(
        "tax_rate",
        *(sa.column(name) for name in ("code", "version", "ppm", "name", "name_zh")),
        sa.column("valid_from", sa.Date),
        sa.column("set_at", Utc),
    )
    op.bulk_insert(
        rates,
        [
            {
                "code": code,
                "version": 0,
                "valid_from": since,
                "ppm": ppm,
                "name": name,
                "name_zh": name_zh,
                "set_at": _SET_AT,
            }
            for code, since, ppm, name, name_zh in _SEEDS
        ],
    )


def _add(table: str, column: str, check: str) -> None:
    """Add a column with its check by the words that both engines know."""
    name = column.split()[0]
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {table}_{name} CHECK ({check})")


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


def downgrade() -> None:
    """Drop the columns and the tables."""
    for table in _HEADS:
        _drop(table, "tax_rounding", "tax_prices", "tax_minor")
    for table in _LINES:
        _drop(table, "tax_minor", "tax_ppm")
        op.drop_column(table, "tax_code")
    for table in ("customer", "item"):
        op.drop_column(table, "tax_code")
    for table in reversed(_APPEND_ONLY):
        op.drop_table(table)


def _drop(table: str, *columns: str) -> None:
    for column in columns:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
