"""The replica of customers: who they are and whose they are, as crm says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from libs.common.db import Prepared, Upsert
from services.service_desk.domain.customer import Customer
from services.service_desk.store.tables import customer
from services.service_desk.store.teams import SIGHT

_TOLD = [column.name for column in customer.c if not column.primary_key]
_PUT = Upsert(
    customer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
        where=customer.c.as_of_sequence < insert.excluded.as_of_sequence,
    ),
)
_COLUMNS = (customer.c.id, customer.c.number, customer.c.name, customer.c.owner_id, customer.c.group_name)
_FIND = Prepared(select(*_COLUMNS).where(customer.c.id == bindparam("of_id")))


def put(connection: Connection, new: Customer, sequence: int, now: datetime) -> None:
    """Store what crm said of a customer in its ``sequence``-th message, unless a later one was heard already."""
    connection.execute(_PUT.on(connection), vars(new) | {"as_of_sequence": sequence, "updated_at": now})


def set_owner(
    connection: Connection, customer_id: str, owner_id: str | None, sequence: int, now: datetime
) -> None:
    """Store the new owner, unless a later message was heard already."""
    statement = update(customer).where(customer.c.id == customer_id, customer.c.as_of_sequence < sequence)
    connection.execute(statement.values(owner_id=owner_id, as_of_sequence=sequence, updated_at=now))


def find(connection: Connection, customer_id: str) -> Customer | None:
    """Return the customer, or nothing."""
    row = connection.execute(_FIND, {"of_id": customer_id}).one_or_none()
    return Customer(**row._asdict()) if row else None


def find_shown(connection: Connection, customer_id: str, only_owner: str | None) -> Customer | None:
    """Return the customer if the caller may know of him, or nothing.

    ``only_owner`` is a caller who sees only his own customers, and his team's if he leads one; ``None`` sees all.
    """
    found = find(connection, customer_id)
    return found if found is not None and SIGHT.shows(connection, found.owner_id, only_owner) else None
