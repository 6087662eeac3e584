"""Activities: load, lock, add, save."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from libs.common.errors import VersionMismatch
from services.crm.domain.activity import Activity
from services.crm.store.activity_tables import activity
from services.crm.store.lead_tables import lead
from services.crm.store.tables import contact, customer

COLUMNS = tuple(activity.c[field.name] for field in fields(Activity))


def read(row: Row[*tuple[Any, ...]]) -> Activity:
    """Return the activity in a row of ``COLUMNS``."""
    return Activity(**{column.name: getattr(row, column.name) for column in COLUMNS})


def lock(connection: Connection, activity_id: str) -> tuple[Activity | None, str | None]:
    """Return the activity, or nothing, kept to this transaction, and whose customer (or lead) it is about."""
    query = select(*COLUMNS, func.coalesce(customer.c.owner_id, lead.c.owner_id).label("customer_owner"))
    query = query.outerjoin(customer, customer.c.id == activity.c.customer_id)
    query = query.outerjoin(lead, and_(lead.c.id == activity.c.lead_id, activity.c.customer_id.is_(None)))
    query = query.where(activity.c.id == activity_id).with_for_update(of=activity)
    row = connection.execute(query).one_or_none()
    return (read(row), row.customer_owner) if row else (None, None)


def add(connection: Connection, new: Activity) -> None:
    """Store a new activity."""
    connection.execute(insert(activity).values(**vars(new)))


def save(connection: Connection, changed: Activity) -> Activity:
    """Store the changed activity as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1}
    statement = update(activity).where(activity.c.id == changed.id, activity.c.version == changed.version)
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch("the activity was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def contact_is_of(connection: Connection, contact_id: str, customer_id: str | None) -> bool:
    """Tell whether a contact is one of the customer."""
    query = select(contact.c.id).where(contact.c.id == contact_id, contact.c.customer_id == customer_id)
    return connection.execute(query).one_or_none() is not None
