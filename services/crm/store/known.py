"""By what leads, customers and contacts are known again: noted as they are stored, and looked up."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, insert, or_, select

from services.crm.domain.customer import Contact, Customer
from services.crm.domain.identity import Duplicate, Key, Kind, in_order, keys_of
from services.crm.domain.lead import Lead
from services.crm.domain.sight import Owners, within
from services.crm.store.lead_tables import known_by, lead
from services.crm.store.tables import contact, customer

MOST_FOUND = 200
SHOWN = 20


def note_lead(connection: Connection, of: Lead) -> None:
    """Note by what a lead is known, in place of what was noted before."""
    _note(connection, of.id, of.keys, lead_id=of.id)


def note_customer(connection: Connection, of: Customer) -> None:
    """Note by what a customer is known, in place of what was noted before."""
    _note(connection, of.id, keys_of(company=of.name, email=of.email, phone=of.phone), customer_id=of.id)


def note_contact(connection: Connection, of: Contact) -> None:
    """Note by what a contact is known."""
    keys = keys_of(email=of.email, phone=of.phone)
    _note(connection, of.id, keys, customer_id=of.customer_id, contact_id=of.id)


def forget(connection: Connection, subject_id: str) -> None:
    """Let somebody be known by nothing any more."""
    connection.execute(delete(known_by).where(known_by.c.subject_id == subject_id))


def duplicates(
    connection: Connection, keys: Iterable[Key], *, without: str, owners: Owners
) -> list[Duplicate]:
    """Return who else is known by any of ``keys``, by the most first; of whom the caller may not know, only whose."""
    found = _matches(connection, set(keys), without)
    rows = connection.execute(_named(list(found))).all() if found else []
    told = [_told(row, found[row.subject_id], owners) for row in rows]
    return sorted(told, key=lambda each: (-len(each.matched), each.kind, each.number or ""))[:SHOWN]


def _note(connection: Connection, subject_id: str, keys: set[Key], **of: str) -> None:
    forget(connection, subject_id)
    rows = [{"subject_id": subject_id, "kind": key.kind, "value": key.value} | of for key in keys]
    if rows:
        connection.execute(insert(known_by), rows)


def _matches(connection: Connection, keys: set[Key], without: str) -> dict[str, set[Kind]]:
    if not keys:
        return {}
    same = or_(*(and_(known_by.c.kind == key.kind, known_by.c.value == key.value) for key in keys))
    query = select(known_by.c.subject_id, known_by.c.kind).where(same, known_by.c.subject_id != without)
    found: dict[str, set[Kind]] = {}
    for row in connection.execute(query.order_by(known_by.c.subject_id).limit(MOST_FOUND)):
        found.setdefault(row.subject_id, set()).add(row.kind)
    return found


def _named(ids: list[str]):  # type: ignore[no-untyped-def]
    """Return a query for what they are called; several rows of one subject are one."""
    columns = (
        known_by.c.subject_id, known_by.c.lead_id, known_by.c.customer_id, known_by.c.contact_id,
        lead.c.number.label("lead_number"), lead.c.company_name, lead.c.owner_id.label("lead_owner"),
        customer.c.number, customer.c.name, customer.c.owner_id, contact.c.name.label("contact_name"),
    )  # fmt: skip
    joined = known_by.outerjoin(lead, lead.c.id == known_by.c.lead_id)
    joined = joined.outerjoin(customer, customer.c.id == known_by.c.customer_id)
    joined = joined.outerjoin(contact, contact.c.id == known_by.c.contact_id)
    return select(*columns).select_from(joined).where(known_by.c.subject_id.in_(ids)).distinct()


def _told(row, matched: set[Kind], owners: Owners) -> Duplicate:  # type: ignore[no-untyped-def]
    kind = "lead" if row.lead_id else "contact" if row.contact_id else "customer"
    owner = row.lead_owner if row.lead_id else row.owner_id
    if not within(owner, owners):
        return Duplicate(kind, None, None, None, None, owner, in_order(matched))  # type: ignore[arg-type]
    return Duplicate(
        kind=kind,  # type: ignore[arg-type]
        id=row.subject_id,
        customer_id=row.customer_id,
        number=row.lead_number or row.number,
        name=row.company_name or row.contact_name or row.name,
        owner_id=owner,
        matched=in_order(matched),
    )
