"""How content customers are, in figures with numerator and denominator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, extract, func, select

from libs.common.db import Prepared
from services.service_desk.domain.satisfaction import SATISFIED, Cut, NoQuestion, Question, share_bp
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import questions
from services.service_desk.store.talk_tables import satisfaction


@dataclass(frozen=True)
class Period:
    """Resolutions of which days are looked at, and of which queue and agent."""

    since: date | None = None
    until: date | None = None
    queue: str | None = None
    agent_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True)
class Csat:
    """How many were asked, answered and satisfied; ``key`` is the month, queue or agent, or ``total``."""

    key: str
    asked: int
    answered: int
    satisfied: int
    score_sum: int

    @property
    def csat_percent(self) -> Decimal | None:
        """The satisfied of those who answered, half up; nothing while nobody did."""
        return _percent(self.satisfied, self.answered)

    @property
    def answer_percent(self) -> Decimal | None:
        """Those who answered of those who were asked."""
        return _percent(self.answered, self.asked)


def _percent(part: int, whole: int) -> Decimal | None:
    share = share_bp(part, whole)
    return None if share is None else Decimal(share) / 100


def csat(connection: Connection, period: Period, cut: Cut = "total") -> list[Csat]:
    """Return the figures of a period by what it is cut into; questions that were withdrawn do not count.

    A resolution counts on its own day, whenever the answer came; so a figure of a past period may still fill up.
    """
    keys = _KEYS[cut]
    rows = connection.execute(_within(select(*keys, *_FIGURES), period).group_by(*keys).order_by(*keys))
    return [_read(row, len(keys)) for row in rows]


def csat_of(connection: Connection, customer_id: str) -> Csat:
    """Return the figures of a customer over all time."""
    return _read(connection.execute(_OF_CUSTOMER, {"of_customer": customer_id}).one(), 0)


def satisfaction_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> Question:
    """Return what a ticket's customer was asked last, with the answer if there is one."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    found = questions.latest(connection, ticket_id)
    if found is None:
        raise NoQuestion("nobody was asked about this ticket")
    return found


_FIGURES = (
    func.count(),
    func.count(satisfaction.c.score),
    func.coalesce(func.sum(case((satisfaction.c.score >= SATISFIED, 1), else_=0)), 0),
    func.coalesce(func.sum(satisfaction.c.score), 0),
)
_OF_CUSTOMER = Prepared(
    select(*_FIGURES).where(
        satisfaction.c.withdrawn_at.is_(None), satisfaction.c.customer_id == bindparam("of_customer")
    )
)
_KEYS: dict[Cut, tuple[ColumnElement[Any], ...]] = {
    "total": (),
    "month": (extract("year", satisfaction.c.asked_on), extract("month", satisfaction.c.asked_on)),
    "queue": (satisfaction.c.queue,),
    "agent": (satisfaction.c.agent_id,),
}


def _read(row: Any, keys: int) -> Csat:
    key, figures = row[:keys], [int(value) for value in row[keys:]]
    name = f"{int(key[0]):04d}-{int(key[1]):02d}" if keys == 2 else str(key[0]) if keys else "total"
    return Csat(name, *figures)


def _within(query: Any, period: Period) -> Any:
    this = satisfaction.c
    query = query.where(this.withdrawn_at.is_(None))
    if period.since is not None:
        query = query.where(this.asked_on >= period.since)
    if period.until is not None:
        query = query.where(this.asked_on <= period.until)
    for name in ("queue", "agent_id", "customer_id"):
        if getattr(period, name) is not None:
            query = query.where(this[name] == getattr(period, name))
    return query
