"""Looking at customers and their contacts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, literal, or_, select, tuple_

from libs.common.db import Prepared
from libs.common.db.types import Id
from libs.common.forms import Asked, Values, asked_for
from services.crm.domain.customer import DOCUMENT, Contact, Customer, search_key, visible_to
from services.crm.domain.sight import Owners
from services.crm.store import customers
from services.crm.store.tables import SearchKey, contact, customer

_PAST_ANY_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class OwnField:
    """What is asked of a field of the company's own form, by somebody with ``roles``."""

    asked: Asked
    roles: Collection[str]


@dataclass(frozen=True)
class CustomerSearch:
    """What to look for: ``search`` begins the name or the number, whatever its case and accents.

    ``owners`` are the salespeople whose customers the caller sees; ``None`` sees all.
    """

    search: str | None = None
    number: str | None = None
    owner_id: str | None = None
    active: bool | None = None
    group: str | None = None
    region: str | None = None
    owners: Owners = None
    own: OwnField | None = None


def one_customer(connection: Connection, customer_id: str, *, owners: Owners) -> Customer:
    """Return the customer; refuse one that the caller may not know of."""
    return visible_to(customers.find(connection, customer_id), owners)


def list_customers(
    connection: Connection, wanted: CustomerSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[Customer]:
    """Return up to ``limit`` customers in the order of their names, those after the position ``after``."""
    statement = select(*customers.COLUMNS).where(*_conditions(wanted), *_own(connection, wanted.own))
    if after is not None:
        name_key, customer_id = after
        place = tuple_(literal(name_key, SearchKey), literal(customer_id, Id))
        statement = statement.where(tuple_(customer.c.name_key, customer.c.id) > place)
    rows = connection.execute(statement.order_by(customer.c.name_key, customer.c.id).limit(limit))
    return [customers.read(row) for row in rows]


def position_of(found: Customer) -> tuple[str, str]:
    """Return where the customer stands in the order of ``list_customers``."""
    return search_key(found.name), found.id


def _conditions(wanted: CustomerSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search is not None:
        key = search_key(wanted.search)
        found.append(or_(_begins(customer.c.name_key, key), _begins(customer.c.number_key, key)))
    if wanted.number is not None:
        found.append(customer.c.number_key == search_key(wanted.number))
    if wanted.active is not None:
        found.append(customer.c.active == wanted.active)
    if wanted.group is not None:
        found.append(customer.c.group == wanted.group)
    if wanted.region is not None:
        found.append(customer.c.region == wanted.region)
    if wanted.owner_id is not None:
        found.append(customer.c.owner_id == wanted.owner_id)
    if wanted.owners is not None:
        found.append(customer.c.owner_id.in_(wanted.owners))
    return found


def _own(connection: Connection, own: OwnField | None) -> list[ColumnElement[bool]]:
    return [] if own is None else asked_for(connection, DOCUMENT, customer.c.id, own.asked, own.roles)


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Compare as a range: unlike LIKE it uses the index on both engines and knows no wildcards."""
    return and_(column >= start, column < start + _PAST_ANY_LETTER)


def list_contacts(
    connection: Connection, customer_id: str, *, after: tuple[Any, ...] | None, limit: int
) -> list[Contact]:
    """Return up to ``limit`` contacts of a customer, oldest first, those after the position ``after``."""
    statement = select(*_CONTACT).where(contact.c.customer_id == customer_id)
    if after is not None:
        (contact_id,) = after
        statement = statement.where(contact.c.id > contact_id)
    rows = connection.execute(statement.order_by(contact.c.id).limit(limit))
    return [Contact(**row._asdict()) for row in rows]


_CONTACT = tuple(contact.c[name] for name in ("id", "customer_id", "name", "email", "phone", "role"))
_FIRST = Prepared(
    select(*_CONTACT)
    .where(contact.c.customer_id == bindparam("of_customer"))
    .order_by(contact.c.id)
    .limit(bindparam("most"))
)


def first_contacts(connection: Connection, customer_id: str, limit: int) -> list[Contact]:
    """Return up to ``limit`` contacts of a customer, oldest first."""
    rows = connection.execute(_FIRST, {"of_customer": customer_id, "most": limit})
    return [Contact(**row._asdict()) for row in rows]


def last_said(connection: Connection, most: int) -> list[Values]:
    """Return what the last customers say of the company's own form."""
    query = select(customer.c.fields).order_by(customer.c.id.desc()).limit(most)
    return list(connection.execute(query).scalars())
