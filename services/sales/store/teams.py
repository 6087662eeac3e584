"""Teams over time: who was in which on which day.

A person's first team has the days before, too: nobody led a team until the company said who, and what was sold till
then would be nobody's. Who goes from one team to another leaves behind what was sold in the first.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from libs.common.db import Transaction
from libs.common.teams import Sight, keep_if_newest
from services.sales.domain.figure_period import Days
from services.sales.domain.team import Team
from services.sales.store.team_tables import sales_team, sales_team_member

_M = sales_team_member.c
_EVER = date(1900, 1, 1)
_FIRST = func.min(_M.since).over(partition_by=_M.user_id)
MEMBERSHIP = select(
    _M.team_id,
    _M.user_id,
    case((_M.since == _FIRST, literal(_EVER)), else_=_M.since).label("since"),
    _M.until,
).subquery("membership")
"""Who was in which team ``since`` which day, ``until`` before which one (none: still)."""


def keep(tx: Transaction, team: Team, day: date) -> None:
    """Let a team consist of, and be led by, whom crm says from ``day`` on; an older word changes nothing."""
    told = {"id": team.id, "name": team.name, "manager_id": team.manager_id, "version": team.version}
    if not keep_if_newest(tx, sales_team, told):
        return
    present = and_(_M.team_id == team.id, _M.until.is_(None))
    before = set(tx.connection.execute(select(_M.user_id).where(present)).scalars())
    gone, come = before - set(team.members), set(team.members) - before
    if gone:
        left = and_(present, _M.user_id.in_(sorted(gone)))
        # Who came and goes on the same day was in it on none.
        tx.connection.execute(delete(sales_team_member).where(left, _M.since >= day))
        tx.connection.execute(update(sales_team_member).where(left).values(until=day))
    rows = [{"team_id": team.id, "user_id": each, "since": day, "until": None} for each in sorted(come)]
    if rows:
        tx.connection.execute(insert(sales_team_member), rows)


SIGHT = Sight(sales_team, sales_team_member, _M.until.is_(None))
"""Whose customers' documents a seller sees: his own, and of who is in a team that he leads now."""


def members_now(team_id: str) -> Select[Any]:
    """Return the query of who is in a team now."""
    return select(_M.user_id).where(_M.team_id == team_id, _M.until.is_(None))


def in_team(of: ColumnElement[Any], salesperson: Any, day: Any) -> ColumnElement[bool]:
    """Return the condition that a salesperson was in a team of ``of`` (a condition on ``MEMBERSHIP``) on ``day``."""
    held = select(literal(1)).select_from(MEMBERSHIP).where(of, held_on(salesperson, day))
    return held.correlate_except(MEMBERSHIP).exists()


def stays(connection: Connection, team_id: str, days: Days) -> list[tuple[str, Days]]:
    """Return who was in a team within ``days``, and on which of them; somebody who came back is told twice."""
    m = MEMBERSHIP.c
    query = select(m.user_id, m.since, m.until).where(
        m.team_id == team_id, m.since <= days.until, or_(m.until.is_(None), m.until > days.since)
    )
    return [
        (row.user_id, Days(max(row.since, days.since), _last(row.until, days.until)))
        for row in connection.execute(query.order_by(m.user_id, m.since))
    ]


def _last(gone_on: date | None, until: date) -> date:
    return until if gone_on is None else min(gone_on - timedelta(days=1), until)


def held_on(salesperson: Any, day: Any) -> ColumnElement[bool]:
    """Return the condition that a membership is the salesperson's, and of this day."""
    m = MEMBERSHIP.c
    return and_(m.user_id == salesperson, day >= m.since, or_(m.until.is_(None), day < m.until))


def led_by(user_id: str) -> ColumnElement[bool]:
    """Return the condition that a membership is of a team that somebody leads now."""
    return MEMBERSHIP.c.team_id.in_(select(sales_team.c.id).where(sales_team.c.manager_id == user_id))
