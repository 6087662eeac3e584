"""Sales teams, territories and targets: load, add, save, replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.errors import VersionMismatch
from services.crm.domain.team import Target, Team, Territory
from services.crm.store.team_tables import sales_target, sales_team, sales_team_member, territory


def all_teams(connection: Connection) -> list[Team]:
    """Return all teams in the order of their names."""
    rows = connection.execute(select(sales_team).order_by(sales_team.c.name, sales_team.c.id)).all()
    members = _members(connection)
    return [Team(members=members.get(row.id, ()), **row._asdict()) for row in rows]


def find(connection: Connection, team_id: str) -> Team | None:
    """Return the team, or nothing."""
    row = connection.execute(select(sales_team).where(sales_team.c.id == team_id)).one_or_none()
    return Team(members=_members(connection).get(row.id, ()), **row._asdict()) if row else None


def lock(connection: Connection, team_id: str) -> Team | None:
    """Return the team, or nothing, and keep it to this transaction."""
    query = select(sales_team.c.id).where(sales_team.c.id == team_id).with_for_update(key_share=True)
    return find(connection, team_id) if connection.execute(query).one_or_none() else None


def add(connection: Connection, new: Team) -> bool:
    """Store a new team; false when its name is taken."""
    values = dict(vars(new))
    del values["members"]
    statement = upsert_into(connection, sales_team).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=["name"]).returning(sales_team.c.id)
    if connection.execute(statement).one_or_none() is None:
        return False
    _put_members(connection, new)
    return True


def save(connection: Connection, changed: Team) -> Team:
    """Store the changed team with its members as its next version; whose turn it is stays."""
    values = {"name": changed.name, "manager_id": changed.manager_id, "version": changed.version + 1}
    statement = update(sales_team).where(
        sales_team.c.id == changed.id, sales_team.c.version == changed.version
    )
    if connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch("the team was changed meanwhile")
    connection.execute(delete(sales_team_member).where(sales_team_member.c.team_id == changed.id))
    _put_members(connection, changed)
    return replace(changed, version=changed.version + 1)


def name_taken(connection: Connection, name: str, without: str) -> bool:
    """Tell whether another team has the name."""
    query = select(sales_team.c.id).where(sales_team.c.name == name, sales_team.c.id != without)
    return connection.execute(query).one_or_none() is not None


def next_turn(connection: Connection, team_id: str) -> int:
    """Count one more lead for the team and return how many that makes; of two at once each gets a turn of its own."""
    statement = update(sales_team).where(sales_team.c.id == team_id).values(turn=sales_team.c.turn + 1)
    return int(connection.execute(statement.returning(sales_team.c.turn)).scalar_one())


def territories(connection: Connection) -> list[Territory]:
    """Return the territories in their order."""
    rows = connection.execute(select(territory).order_by(territory.c.position))
    return [Territory(**{k: v for k, v in row._asdict().items() if k != "position"}) for row in rows]


def replace_territories(connection: Connection, wanted: Sequence[Territory]) -> None:
    """Let the territories be ``wanted``, in this order."""
    connection.execute(delete(territory))
    rows = [vars(each) | {"position": place} for place, each in enumerate(wanted, 1)]
    if rows:
        connection.execute(insert(territory), rows)


def put_targets(tx: Transaction, month: str, wanted: Sequence[Target]) -> None:
    """Let the targets of a month be ``wanted``."""
    tx.connection.execute(delete(sales_target).where(sales_target.c.month == month))
    rows = [
        {
            "id": tx.new_id(), "month": each.month, "owner_id": each.owner_id, "team_id": each.team_id,
            "amount_minor": each.amount.minor, "currency": each.amount.currency,
        }
        for each in wanted
    ]  # fmt: skip
    if rows:
        tx.connection.execute(insert(sales_target), rows)


def _members(connection: Connection) -> dict[str, tuple[str, ...]]:
    query = select(sales_team_member).order_by(sales_team_member.c.team_id, sales_team_member.c.position)
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query):
        found[row.team_id] = (*found.get(row.team_id, ()), row.user_id)
    return found


def _put_members(connection: Connection, of: Team) -> None:
    rows = [
        {"team_id": of.id, "user_id": user, "position": place} for place, user in enumerate(of.members, 1)
    ]
    if rows:
        connection.execute(insert(sales_team_member), rows)
