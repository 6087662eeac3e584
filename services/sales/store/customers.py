"""The replica of customers: who they are, in which currency and by which prices they buy, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, or_, select, update

from libs.common.db import Prepared, Upsert, chunks
from services.sales.domain.items import Customer
from services.sales.store.tables import customer
from services.sales.store.teams import SIGHT

COLUMNS = (
    customer.c.id, customer.c.number, customer.c.name, customer.c.currency, customer.c.owner_id, customer.c.group,
    customer.c.region, customer.c.tax_code,
)  # fmt: skip
_TOLD = [column.name for column in customer.c if not column.primary_key and column.name != "tax_code"]
_PUT = Upsert(
    customer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
    ),
)
_FIND = Prepared(select(*COLUMNS).where(customer.c.id == bindparam("of_id")))
_KNOWN = Prepared(select(*COLUMNS).where(customer.c.id.in_(bindparam("ids", expanding=True))))
_ONLY_OWNER = bindparam("only_owner", type_=String)
# That a salesperson who sees ``only_owner``'s customers (none given: one who sees all) may know of the customer.
SHOWN = or_(_ONLY_OWNER.is_(None), SIGHT.holds(customer.c.owner_id, _ONLY_OWNER))


def put(connection: Connection, new: Customer, now: datetime) -> None:
    """Store what crm says of a customer; the last word counts."""
    connection.execute(_PUT.on(connection), vars(new) | {"updated_at": now})


def set_owner(connection: Connection, customer_id: str, owner_id: str | None, now: datetime) -> bool:
    """Store the new owner; false when the customer is not known (yet)."""
    statement = update(customer).where(customer.c.id == customer_id)
    return connection.execute(statement.values(owner_id=owner_id, updated_at=now)).rowcount == 1


def set_tax_code(
    connection: Connection, customer_id: str, code: str | None, now: datetime
) -> Customer | None:
    """Store which tax the customer bears whatever he buys and return him; ``None`` when he is not known (yet)."""
    changed = update(customer).where(customer.c.id == customer_id).values(tax_code=code, updated_at=now)
    row = connection.execute(changed.returning(*COLUMNS)).one_or_none()
    return None if row is None else Customer(**row._asdict())


def find(connection: Connection, customer_id: str) -> Customer | None:
    """Return the customer, or nothing."""
    row = connection.execute(_FIND, {"of_id": customer_id}).one_or_none()
    return None if row is None else Customer(**row._asdict())


def known(connection: Connection, customer_ids: Iterable[str]) -> dict[str, Customer]:
    """Return those of ``customer_ids`` that sales has heard of, by id."""
    found: dict[str, Customer] = {}
    for some in chunks(sorted(set(customer_ids))):
        rows = connection.execute(_KNOWN, {"ids": some})
        found |= {row.id: Customer(**row._asdict()) for row in rows}
    return found


def find_shown(connection: Connection, customer_id: str, only_owner: str | None) -> Customer | None:
    """Return the customer if a salesperson who sees ``only_owner``'s customers may know of him, or nothing."""
    found = find(connection, customer_id)
    return found if found is not None and is_shown(connection, found, only_owner) else None


def is_shown(connection: Connection, found: Customer, only_owner: str | None) -> bool:
    """Tell whether a salesperson may know of the customer: his own, and those of the teams that he leads."""
    return SIGHT.shows(connection, found.owner_id, only_owner)
