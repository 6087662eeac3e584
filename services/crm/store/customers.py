"""Customers: load, lock, add, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from libs.common.db import Prepared, upsert_into
from libs.common.errors import VersionMismatch
from services.crm.domain.customer import Customer, search_key
from services.crm.store import known
from services.crm.store.tables import customer

COLUMNS = (
    customer.c.id, customer.c.number, customer.c.name, customer.c.owner_id, customer.c.currency, customer.c.country,
    customer.c.city, customer.c.address, customer.c.phone, customer.c.email, customer.c.active, customer.c.group,
    customer.c.region, customer.c.version, customer.c.fields, customer.c.form_version,
)  # fmt: skip

_FIND = Prepared(select(*COLUMNS).where(customer.c.id == bindparam("of_id")))
_MANY = Prepared(select(*COLUMNS).where(customer.c.id.in_(bindparam("of_ids", expanding=True))))


def read(row: Row[*tuple[Any, ...]]) -> Customer:
    """Return the customer in a row of ``COLUMNS``."""
    return Customer(**row._asdict())


def find(connection: Connection, customer_id: str) -> Customer | None:
    """Return the customer, or nothing."""
    row = connection.execute(_FIND, {"of_id": customer_id}).one_or_none()
    return read(row) if row else None


def find_many(connection: Connection, customer_ids: Sequence[str]) -> dict[str, Customer]:
    """Return the customers that there are of a list that is not longer than a chunk, by id."""
    return {row.id: read(row) for row in connection.execute(_MANY, {"of_ids": customer_ids})}


def lock(connection: Connection, customer_id: str) -> Customer | None:
    """Return the customer, or nothing, and keep it to this transaction."""
    statement = select(*COLUMNS).where(customer.c.id == customer_id).with_for_update(key_share=True)
    row = connection.execute(statement).one_or_none()
    return read(row) if row else None


def lock_of(connection: Connection, owner_id: str) -> list[Customer]:
    """Return the customers of a salesperson, kept to this transaction, in the order of ids."""
    statement = select(*COLUMNS).where(customer.c.owner_id == owner_id).order_by(customer.c.id)
    return [read(row) for row in connection.execute(statement.with_for_update(key_share=True))]


def add(connection: Connection, new: Customer, now: datetime) -> bool:
    """Store a new customer; false when its number is taken."""
    values = vars(new) | _keys(new) | {"created_at": now, "updated_at": now}
    statement = upsert_into(connection, customer).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=["number_key"]).returning(customer.c.id)
    if connection.execute(statement).one_or_none() is None:
        return False
    known.note_customer(connection, new)
    return True


def save(connection: Connection, changed: Customer, now: datetime) -> Customer:
    """Store the changed customer as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | _keys(changed) | {"version": changed.version + 1, "updated_at": now}
    statement = update(customer).where(customer.c.id == changed.id, customer.c.version == changed.version)
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch(
            f"customer {changed.number} was changed meanwhile", cure="read it again and repeat"
        )
    known.note_customer(connection, changed)
    return replace(changed, version=changed.version + 1)


def _keys(of: Customer) -> dict[str, str]:
    return {"number_key": search_key(of.number), "name_key": search_key(of.name)}
