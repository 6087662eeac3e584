"""Columns and checks that tables of finance have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String

CAP = 10**17


def bounded(name: str, *columns: str) -> CheckConstraint:
    """Keep amounts between 0 and the largest that ``Money`` holds; text, NaN and infinity fail it too."""
    return CheckConstraint(" AND ".join(f"{column} BETWEEN 0 AND {CAP}" for column in columns), name=name)


def tax_columns() -> tuple[Column[Any], ...]:
    """Return which tax a line bears, and how much."""
    ppm = Column("tax_ppm", Integer, nullable=False, server_default="0")
    return (
        Column("tax_code", String(20)),
        ppm,
        Column("tax_minor", BigInteger, nullable=False, server_default="0"),
    )
