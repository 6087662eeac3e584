"""Teams as another service tells of them, kept beside the rows that they show to who leads one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, delete, insert, select

from libs.common.db import Transaction, upsert_into
from libs.common.db.types import Id
from libs.common.teams.sight import Sight


@dataclass(frozen=True)
class TeamTold:
    """What is read of a team: who is in it from now on, all of them, and who leads it; ids of users."""

    team_id: str
    version: int
    members: tuple[str, ...]
    manager_id: str | None = None


@dataclass(frozen=True)
class KeptTeams:
    """The two tables of teams; no foreign key to people, for they live elsewhere."""

    team: Table
    member: Table

    @classmethod
    def declared_on(cls, metadata: MetaData) -> KeptTeams:
        """Declare the tables among those of a service, whose own migration creates them."""
        team = Table(
            "sales_team",
            metadata,
            Column("id", Id, primary_key=True),
            Column("manager_id", String(64)),
            Column("version", Integer, nullable=False),
            Index("sales_team_by_manager", "manager_id"),
        )
        member = Table(
            "sales_team_member",
            metadata,
            Column("team_id", Id, ForeignKey("sales_team.id"), primary_key=True),
            Column("user_id", String(64), primary_key=True),
        )
        return cls(team, member)

    @property
    def sight(self) -> Sight:
        """Whose rows who leads one of these teams sees."""
        return Sight(self.team, self.member)

    def keep(self, tx: Transaction, told: TeamTold) -> None:
        """Let a team consist of, and be led by, whom ``told`` names; an older version than is known changes nothing.

        A version that is told again says what it said.
        """
        row = {"id": told.team_id, "manager_id": told.manager_id, "version": told.version}
        if not keep_if_newest(tx, self.team, row):
            return
        members, this = self.member.c, self.member.c.team_id == told.team_id
        before = set(tx.connection.execute(select(members.user_id).where(this)).scalars())
        gone, come = before - set(told.members), set(told.members) - before
        if gone:
            tx.connection.execute(delete(self.member).where(this, members.user_id.in_(sorted(gone))))
        if come:
            rows = [{"team_id": told.team_id, "user_id": each} for each in sorted(come)]
            tx.connection.execute(insert(self.member), rows)


def keep_if_newest(tx: Transaction, team: Table, row: Mapping[str, Any]) -> bool:
    """Write a team's ``row`` and return true; false, and nothing is written, where a newer version is known.

    The row is held from here on, so of two words at once the second waits, and finds out whether it is the newer.
    """
    statement = upsert_into(tx.connection, team).values(**row)
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: statement.excluded[name] for name in row if name != "id"},
        where=team.c.version <= statement.excluded.version,
    )
    return tx.connection.execute(statement.returning(team.c.id)).one_or_none() is not None
