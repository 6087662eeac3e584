"""What tickets want of other services: add, find, keep what became of it."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, Row, func, insert, select, update

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.service_desk.domain.linked_document import ENDED, VOID, DocumentKind, LinkedDocument
from services.service_desk.store.document_tables import ticket_document

_THIS = ticket_document.c
_PLAIN = tuple(field.name for field in fields(LinkedDocument) if field.name not in ("quantity", "total"))


def add(connection: Connection, new: LinkedDocument) -> None:
    """Store what is wanted; a second one that is open, of the same kind and thing, breaks a constraint."""
    connection.execute(insert(ticket_document).values(**_values(new)))


def save(connection: Connection, changed: LinkedDocument) -> None:
    """Store what became of it."""
    statement = update(ticket_document).where(_THIS.id == changed.id)
    connection.execute(statement.values(**_values(changed)))


def lock(connection: Connection, document_id: str) -> LinkedDocument | None:
    """Return what was wanted, or nothing, and keep it to this transaction."""
    query = select(ticket_document).where(_THIS.id == document_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def lock_return(connection: Connection, return_id: str) -> LinkedDocument | None:
    """Return what became the return, or nothing, and keep it to this transaction."""
    query = select(ticket_document).where(_THIS.document_id == return_id, _THIS.kind == "return")
    row = connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else _read(row)


def of_ticket(connection: Connection, ticket_id: str) -> list[LinkedDocument]:
    """Return what a ticket wants, in the order in which it was wanted."""
    query = select(ticket_document).where(_THIS.ticket_id == ticket_id).order_by(_THIS.id)
    return [_read(row) for row in connection.execute(query)]


def open_one(
    connection: Connection, ticket_id: str, kind: DocumentKind, about_id: str
) -> LinkedDocument | None:
    """Return what the ticket wants of this kind and thing, if it is under way."""
    query = select(ticket_document).where(
        _THIS.ticket_id == ticket_id, _THIS.kind == kind, _THIS.about_id == about_id, _THIS.is_open
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def coming_back(connection: Connection, about_id: str) -> Quantity:
    """Return how much of a shipped line is on returns that tickets asked for and that are under way."""
    return _sum(connection, about_id, "return", only_open=True)


def replaced(connection: Connection, about_id: str) -> Quantity:
    """Return how much of a shipped line was replaced, or is being."""
    return _sum(connection, about_id, "replacement", only_open=False)


def _sum(connection: Connection, about_id: str, kind: DocumentKind, *, only_open: bool) -> Quantity:
    counts = _THIS.is_open if only_open else ~_THIS.is_void
    query = select(func.sum(_THIS.quantity_milli)).where(
        _THIS.about_id == about_id, _THIS.kind == kind, counts
    )
    found: Quantity | None = connection.execute(query).scalar_one()
    return found or Quantity.zero()


def move_all(connection: Connection, from_id: str, to_id: str) -> None:
    """Let what a ticket wants go on with another one; what both want stays where it is wanted."""
    both = select(_THIS.kind, _THIS.about_id).where(_THIS.ticket_id == to_id, _THIS.is_open)
    taken = {(row.kind, row.about_id) for row in connection.execute(both)}
    going = [
        each.id
        for each in of_ticket(connection, from_id)
        if each.state in ENDED or (each.kind, each.about_id) not in taken
    ]
    connection.execute(update(ticket_document).where(_THIS.id.in_(going)).values(ticket_id=to_id))


def _values(of: LinkedDocument) -> dict[str, object]:
    return {name: getattr(of, name) for name in _PLAIN} | {
        "quantity_milli": of.quantity,
        "total_minor": None if of.total is None else of.total.minor,
        "currency": None if of.total is None else of.total.currency,
        "is_open": of.state not in ENDED,
        "is_void": of.state in VOID,
    }


def _read(row: Row[tuple[object, ...]]) -> LinkedDocument:
    total = None if row.total_minor is None else Money(row.total_minor, row.currency)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return LinkedDocument(**plain, quantity=row.quantity_milli, total=total)
