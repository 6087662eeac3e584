"""The replica of customers: who they are and whose they are, as crm says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from libs.common.db import Prepared, upsert_into
from services.inventory.store.tables import customer

_TOLD = [column for column in customer.c if column.name != "updated_at"]
_FIND = Prepared(select(*_TOLD).where(customer.c.id == bindparam("of_id")))


@dataclass(frozen=True)
class Customer:
    """What inventory reads of a customer: for the addressee, for who may see the deliveries, and for the queue."""

    id: str
    number: str
    name: str
    owner_id: str | None
    country: str | None = None
    city: str | None = None
    customer_group: str | None = None


def put(connection: Connection, new: Customer, now: datetime) -> None:
    """Store what crm says of a customer."""
    values = vars(new) | {"updated_at": now}
    connection.execute(
        upsert_into(connection, customer)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["id"], set_={key: values[key] for key in values if key != "id"}
        )
    )


def set_owner(connection: Connection, customer_id: str, owner_id: str | None, now: datetime) -> bool:
    """Store the new owner; false when the customer is not known (yet)."""
    statement = update(customer).where(customer.c.id == customer_id).values(owner_id=owner_id, updated_at=now)
    return connection.execute(statement).rowcount == 1


def find(connection: Connection, customer_id: str) -> Customer | None:
    """Return the customer, or nothing."""
    row = connection.execute(_FIND, {"of_id": customer_id}).one_or_none()
    return Customer(**row._asdict()) if row else None
