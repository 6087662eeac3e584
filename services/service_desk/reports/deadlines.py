"""Looking at deadlines: which are near or missed, and how well the promises were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, literal, or_, select, tuple_

from libs.common.db import matches
from libs.common.db.types import Id, Utc
from services.service_desk.domain.clock import PROMISES, Clock, Outcome
from services.service_desk.domain.errors import NoDeadlines
from services.service_desk.domain.sla import PRIORITIES, Priority, SlaPolicy, from_data
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import clocks, policies, relations
from services.service_desk.store.course_tables import ticket_clock
from services.service_desk.store.relations import was_merged
from services.service_desk.store.tables import customer, ticket
from services.service_desk.store.teams import SIGHT


@dataclass(frozen=True)
class ClockRow:
    """The deadlines of a ticket and what came of each."""

    ticket_id: str
    number: str
    customer_id: str
    customer_name: str
    priority: str
    queue: str
    state: str
    assignee_id: str | None
    clock: Clock
    now: datetime
    merged_into_id: str | None = None

    @property
    def response(self) -> dict[str, Any]:
        """The first answer."""
        return self._shown("response")

    @property
    def resolution(self) -> dict[str, Any]:
        """The solution."""
        return self._shown("resolution")

    @property
    def paused_at(self) -> datetime | None:
        """Since when no time passes."""
        return self.clock.paused_at

    @property
    def policy_version(self) -> int:
        """By which version it was promised."""
        return self.clock.policy_version

    def _shown(self, promise: str) -> dict[str, Any]:
        deadline = getattr(self.clock, promise)
        outcome: Outcome = deadline.outcome
        if outcome == "running" and self.paused_at is None and deadline.due_at <= self.now:
            outcome = "missed"
        return {"due_at": deadline.due_at, "done_at": deadline.done_at, "outcome": outcome}


@dataclass(frozen=True)
class DeadlineSearch:
    """Whose deadlines; ``only_owner`` is the subject of a caller who sees only customers of their own."""

    queue: str | None = None
    assignee_id: str | None = None
    priority: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class Kept:
    """Of so many tickets of a priority, how many promises of each kind were kept, missed, and still run."""

    priority: Priority
    tickets: int
    response_met: int
    response_missed: int
    response_running: int
    resolution_met: int
    resolution_missed: int
    resolution_running: int
    merged: int


_RANK = {priority: place for place, priority in enumerate(PRIORITIES)}
_TICKET = (
    ticket.c.number,
    ticket.c.customer_id,
    customer.c.name.label("customer_name"),
    ticket.c.priority,
    ticket.c.queue,
    ticket.c.state,
    ticket.c.assignee_id,
)
_FROM = ticket_clock.join(ticket, ticket.c.id == ticket_clock.c.ticket_id).join(
    customer, customer.c.id == ticket.c.customer_id
)


_MERGED = was_merged(ticket.c.id)


def clocks_with_news(connection: Connection, *, now: datetime, limit: int) -> list[str]:
    """Return up to ``limit`` tickets of whose clocks there is news, the oldest news first."""
    query = select(ticket_clock.c.ticket_id).where(ticket_clock.c.next_at <= now)
    ids = connection.execute(query.order_by(ticket_clock.c.next_at, ticket_clock.c.ticket_id).limit(limit))
    return [str(ticket_id) for ticket_id in ids.scalars()]


def sla_now(connection: Connection) -> SlaPolicy:
    """Return what is promised to tickets that are opened now."""
    stored = policies.current(connection, "sla")
    assert stored is not None, "the first version comes with the tables"
    return from_data(stored.body, stored.version)


def deadlines_of(
    connection: Connection, ticket_id: str, *, now: datetime, only_owner: str | None
) -> ClockRow:
    """Return the deadlines of a ticket; refuse one that the caller may not know of, or that has none."""
    found = one_ticket(connection, ticket_id, only_owner=only_owner)
    clock = clocks.find(connection, ticket_id)
    if clock is None:
        raise NoDeadlines(f"ticket {found.number} was written down afterwards", field="ticket_id")
    told = {column.name: getattr(found, column.name) for column in _TICKET}
    into = relations.other_of(connection, ticket_id, "merged_into")
    return ClockRow(ticket_id=ticket_id, clock=clock, now=now, merged_into_id=into, **told)


def running_deadlines(
    connection: Connection,
    wanted: DeadlineSearch,
    *,
    now: datetime,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[ClockRow]:
    """Return up to ``limit`` tickets whose solution is not there yet and whose clock runs, the most urgent first."""
    due = ticket_clock.c.resolution_due_at
    query = select(ticket_clock, *_TICKET).select_from(_FROM)
    query = query.where(ticket_clock.c.resolution_done_at.is_(None), ticket_clock.c.paused_at.is_(None))
    for name in ("queue", "assignee_id", "priority"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(matches(ticket.c[name], value))
    if wanted.only_owner is not None:
        query = query.where(SIGHT.holds(customer.c.owner_id, wanted.only_owner))
    if after is not None:
        due_at, ticket_id = after
        place = tuple_(literal(due_at, Utc), literal(ticket_id, Id))
        query = query.where(tuple_(due, ticket_clock.c.ticket_id) > place)
    rows = connection.execute(query.order_by(due, ticket_clock.c.ticket_id).limit(limit))
    names = [column.name for column in _TICKET]
    return [
        ClockRow(
            ticket_id=row.ticket_id,
            clock=clocks.read(row),
            now=now,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


def position_of(row: ClockRow) -> tuple[datetime, str]:
    """Return where the ticket stands in the order of ``running_deadlines``."""
    return row.clock.resolution.due_at, row.ticket_id


def promises_kept(connection: Connection, *, since: date, until: date, now: datetime) -> list[Kept]:
    """Return, by priority, how the promises to tickets that were opened within these days were kept.

    What was merged goes on as another ticket, whose promises count; of it only is told how many there were.
    """
    figures = [
        _sum(and_(_is(promise, outcome, now), ~_MERGED)).label(f"{promise}_{outcome}")
        for promise in PROMISES
        for outcome in ("met", "missed", "running")
    ]
    counted = (_sum(~_MERGED).label("tickets"), _sum(_MERGED).label("merged"))
    query = select(ticket.c.priority, *counted, *figures).select_from(_FROM)
    query = query.where(ticket.c.opened_on.between(since, until)).group_by(ticket.c.priority)
    found = [
        Kept(**{name: _count(value) for name, value in row._asdict().items()})
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda each: _RANK[each.priority], reverse=True)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _count(value: Any) -> Any:
    return value if isinstance(value, str) else int(value)


def _is(promise: str, outcome: Outcome, now: datetime) -> ColumnElement[bool]:
    this = ticket_clock.c
    due, done, missed = (this[f"{promise}_{part}_at"] for part in ("due", "done", "missed"))
    late = and_(done.is_(None), this.paused_at.is_(None), due <= literal(now, Utc))
    broken = or_(missed.is_not(None), done > due, late)
    if outcome == "missed":
        return broken
    kept = and_(done.is_not(None), done <= due, missed.is_(None))
    return kept if outcome == "met" else and_(done.is_(None), missed.is_(None), ~late)
