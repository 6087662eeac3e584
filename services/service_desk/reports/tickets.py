"""Looking at tickets."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, literal, select, tuple_
from sqlalchemy.types import Date

from libs.common.db import Prepared, matches
from libs.common.db.types import Id
from services.service_desk.domain.errors import TicketNotFound
from services.service_desk.domain.ticket import Ticket
from services.service_desk.store.relations import was_merged
from services.service_desk.store.routings import routed_by
from services.service_desk.store.tables import customer, ticket
from services.service_desk.store.teams import SIGHT
from services.service_desk.store.tickets import COLUMNS


@dataclass(frozen=True)
class TicketRow(Ticket):
    """A ticket with what its customer is called."""

    customer_number: str = ""
    customer_name: str = ""


@dataclass(frozen=True)
class TicketSearch:
    """What to look for; ``only_owner`` is the subject of a caller who sees only customers of their own."""

    customer_id: str | None = None
    state: str | None = None
    kind: str | None = None
    queue: str | None = None
    order_id: str | None = None
    item_id: str | None = None
    assignee_id: str | None = None
    only_owner: str | None = None
    decided_by: str | None = None


_FILTERS = tuple(
    field.name for field in fields(TicketSearch) if field.name not in ("only_owner", "decided_by")
)


def one_ticket(connection: Connection, ticket_id: str, *, only_owner: str | None) -> TicketRow:
    """Return the ticket; refuse one that the caller may not know of."""
    statement = _visible(only_owner).where(ticket.c.id == ticket_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise TicketNotFound("there is no such ticket", field="ticket_id", cure="list the tickets")
    return _read(row)


def list_tickets(
    connection: Connection, wanted: TicketSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[TicketRow]:
    """Return up to ``limit`` tickets, the latest first, those after the position ``after``."""
    statement = _visible(wanted.only_owner)
    for name in _FILTERS:
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(matches(ticket.c[name], value))
    if wanted.decided_by is not None:
        statement = statement.where(routed_by(ticket.c.id, wanted.decided_by))
    if after is not None:
        opened_on, ticket_id = after
        place = tuple_(literal(opened_on, Date), literal(ticket_id, Id))
        statement = statement.where(tuple_(ticket.c.opened_on, ticket.c.id) < place)
    rows = connection.execute(statement.order_by(ticket.c.opened_on.desc(), ticket.c.id.desc()).limit(limit))
    return [_read(row) for row in rows]


def latest_tickets(connection: Connection, customer_id: str, limit: int) -> list[TicketRow]:
    """Return up to ``limit`` tickets of a customer, the latest first."""
    rows = connection.execute(_LATEST, {"of_customer": customer_id, "most": limit})
    return [_read(row) for row in rows]


def position_of(row: TicketRow) -> tuple[date, str]:
    """Return where the ticket stands in the order of ``list_tickets``."""
    return row.opened_on, row.id


def count_by_state(connection: Connection, customer_id: str) -> dict[str, int]:
    """Return how many tickets of a customer are in each state that any is in, without what was merged."""
    rows = connection.execute(_BY_STATE, {"of_customer": customer_id})
    return {state: int(count) for state, count in rows}


def _visible(only_owner: str | None) -> Select[Any]:
    names = (customer.c.number.label("customer_number"), customer.c.name.label("customer_name"))
    statement = select(*COLUMNS, *names).join(customer, customer.c.id == ticket.c.customer_id)
    return statement if only_owner is None else statement.where(SIGHT.holds(customer.c.owner_id, only_owner))


def _read(row: Row[*tuple[Any, ...]]) -> TicketRow:
    return TicketRow(**row._asdict())


_OF_CUSTOMER = ticket.c.customer_id == bindparam("of_customer")
_LATEST = Prepared(
    _visible(None)
    .where(_OF_CUSTOMER)
    .order_by(ticket.c.opened_on.desc(), ticket.c.id.desc())
    .limit(bindparam("most"))
)
_BY_STATE = Prepared(
    select(ticket.c.state, func.count())
    .where(_OF_CUSTOMER, ~was_merged(ticket.c.id))
    .group_by(ticket.c.state)
)
