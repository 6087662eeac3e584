"""Order types: the versions as they were written, and which one applies to a document of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, String, bindparam, func, insert, or_, select, tuple_
from sqlalchemy.types import Date

from libs.common.db import Prepared, Transaction, lock_series
from services.sales.domain.items import Customer
from services.sales.domain.order_type import OrderType, from_data, to_data
from services.sales.store.customers import COLUMNS as CUSTOMER
from services.sales.store.order_type_tables import order_type
from services.sales.store.tables import customer

_CODE = bindparam("of_code", type_=String)
_ON = bindparam("on_day", type_=Date)
_APPLYING = (
    select(func.max(order_type.c.version))
    .where(order_type.c.code == _CODE, or_(order_type.c.valid_from.is_(None), order_type.c.valid_from <= _ON))
    .scalar_subquery()
)
_BUYER = Prepared(
    select(*CUSTOMER, _APPLYING.label("type_version")).where(customer.c.id == bindparam("of_customer"))
)
_ONE = Prepared(
    select(order_type).where(order_type.c.code == _CODE, order_type.c.version == bindparam("of_version"))
)
# A version never changes, so what was read of it once holds for as long as the database is open.
_KNOWN: WeakKeyDictionary[Engine, dict[tuple[str, int], OrderType]] = WeakKeyDictionary()


def buyer(
    connection: Connection, customer_id: str, code: str, on: date
) -> tuple[Customer | None, OrderType | None]:
    """Return the customer and the version of the order type that applies ``on`` that day, in one look at both."""
    wanted = {"of_customer": customer_id, "of_code": code, "on_day": on}
    row = connection.execute(_BUYER, wanted).one_or_none()
    if row is None:
        return None, None
    told = row._asdict()
    version = told.pop("type_version")
    return Customer(**told), None if version is None else known(connection, code, version)


def known(connection: Connection, code: str, version: int) -> OrderType:
    """Return a version that exists; it is read from the database once."""
    kept = _KNOWN.setdefault(connection.engine, {})
    found = kept.get((code, version))
    if found is None:
        found = kept[code, version] = _read(connection, code, version)
    return found


def _read(connection: Connection, code: str, version: int) -> OrderType:
    row = connection.execute(_ONE, {"of_code": code, "of_version": version}).one_or_none()
    if row is None:
        raise LookupError(f"a document is of order type {code} version {version}, which is not there")
    return from_row(row)


def find(connection: Connection, type_id: str) -> OrderType | None:
    """Return one version of a type, or nothing."""
    row = connection.execute(select(order_type).where(order_type.c.id == type_id)).one_or_none()
    return None if row is None else from_row(row)


def known_many(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], OrderType]:
    """Return the versions with these codes and numbers, those that there are."""
    query = select(order_type).where(tuple_(order_type.c.code, order_type.c.version).in_(sorted(set(wanted))))
    return {(row.code, row.version): from_row(row) for row in connection.execute(query)}


def lock_last(tx: Transaction, code: str) -> OrderType | None:
    """Return the last version of a type, or nothing; until the commit nobody else adds one."""
    lock_series(tx, f"order_type.{code}")
    query = select(order_type).where(order_type.c.code == code).order_by(order_type.c.version.desc()).limit(1)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else from_row(row)


def add(tx: Transaction, new: OrderType) -> None:
    """Store a version; a second one of its number breaks the key."""
    tx.connection.execute(
        insert(order_type).values(
            id=new.id,
            code=new.code,
            version=new.version,
            name_en=new.name_en,
            name_zh=new.name_zh,
            valid_from=new.valid_from,
            active=new.active,
            process=to_data(new.process),
            created_by=new.created_by,
            created_at=tx.now,
        )
    )


def from_row(row: Row[Any]) -> OrderType:
    """Return the version in a row of the table."""
    return OrderType(
        id=row.id,
        code=row.code,
        version=row.version,
        name_en=row.name_en,
        name_zh=row.name_zh,
        valid_from=row.valid_from,
        active=bool(row.active),
        process=from_data(row.process),
        created_by=row.created_by,
    )
