"""Taxes: the versions of rates and of the company's setting, and what holds on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from libs.common.db import Prepared, Transaction
from services.sales.domain.tax_codes import TaxRate, TaxSetting, TaxTerms
from services.sales.domain.taxes import TaxRule
from services.sales.store.tax_tables import tax_rate, tax_setting

_SETTING = ("version", "valid_from", "prices", "rounding", "standard_code")
_RATE = ("code", "version", "valid_from", "ppm", "name", "name_zh")
_DAY = bindparam("on_day", type_=tax_setting.c.valid_from.type)
_IN_FORCE = (
    select(tax_setting.c.version)
    .where(tax_setting.c.valid_from <= _DAY)
    .order_by(tax_setting.c.valid_from.desc(), tax_setting.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
# One statement for both: every quotation asks for them, and there are few of either.
_TERMS = Prepared(
    select(*(tax_setting.c[name] for name in _SETTING), tax_rate.c.code, tax_rate.c.ppm)
    .outerjoin(tax_rate, tax_rate.c.valid_from <= _DAY)
    .where(tax_setting.c.version == _IN_FORCE)
    .order_by(tax_rate.c.valid_from, tax_rate.c.version)
)
_LATEST = select(*(tax_setting.c[name] for name in _SETTING)).order_by(tax_setting.c.version.desc()).limit(1)


def terms_on(connection: Connection, day: date) -> TaxTerms:
    """Return the setting that holds on a day with the rate of each code; no tax where none holds."""
    rows = connection.execute(_TERMS, {"on_day": day}).all()
    if not rows:
        return TaxTerms(TaxSetting())
    return TaxTerms(_setting(rows[0]), {row.code: row.ppm for row in rows if row.code is not None})


def latest_setting(connection: Connection) -> TaxSetting:
    """Return the setting that was made last, whether it holds yet or not."""
    row = connection.execute(_LATEST).one_or_none()
    return TaxSetting() if row is None else _setting(row)


def settings(connection: Connection) -> list[TaxSetting]:
    """Return every setting that was ever made, the last one first."""
    query = select(*(tax_setting.c[name] for name in _SETTING)).order_by(tax_setting.c.version.desc())
    return [_setting(row) for row in connection.execute(query)]


def _setting(row: Row[Any]) -> TaxSetting:
    return TaxSetting(row.version, row.valid_from, TaxRule(row.prices, row.rounding), row.standard_code)


def add_setting(tx: Transaction, new: TaxSetting) -> None:
    """Store the next version of the setting."""
    values = {name: getattr(new, name) for name in _SETTING}
    tx.connection.execute(insert(tax_setting).values(**values, set_by=tx.cause.actor, set_at=tx.now))


def rates(connection: Connection) -> list[TaxRate]:
    """Return every rate that was ever set, by code, the latest first."""
    query = select(*(tax_rate.c[name] for name in _RATE)).order_by(
        tax_rate.c.code, tax_rate.c.valid_from.desc(), tax_rate.c.version.desc()
    )
    return [TaxRate(**row._asdict()) for row in connection.execute(query)]


def is_code(connection: Connection, code: str) -> bool:
    """Tell whether a code was ever given a rate."""
    query = select(tax_rate.c.code).where(tax_rate.c.code == code).limit(1)
    return connection.execute(query).scalar_one_or_none() is not None


def add_rate(tx: Transaction, new: TaxRate) -> None:
    """Store the next version of a code's rate."""
    values = {name: getattr(new, name) for name in _RATE}
    tx.connection.execute(insert(tax_rate).values(**values, set_by=tx.cause.actor, set_at=tx.now))
