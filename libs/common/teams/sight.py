"""Whose rows somebody sees who sees his own only: also those of whoever is in a team that he leads now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, cast, select, true


@dataclass(frozen=True)
class Sight:
    """The rule, upon the tables in which a service keeps teams.

    ``team`` has an ``id`` and a ``manager_id``, ``member`` a ``team_id`` and a ``user_id``; ``present`` is the
    condition that somebody is in a team still, where those who left are kept too.
    """

    team: Table
    member: Table
    present: ColumnElement[bool] | None = None

    def led_by(self, leader: Any) -> Select[Any]:
        """Return the query of who is in a team that ``leader`` (an id, or a parameter) leads now."""
        still = true() if self.present is None else self.present
        members = select(self.member.c.user_id).join(self.team, self.team.c.id == self.member.c.team_id)
        return members.where(self.team.c.manager_id == leader, still)

    def holds(self, owner: ColumnElement[Any], viewer: Any) -> ColumnElement[bool]:
        """Return the condition that an owner is ``viewer`` himself, or somebody in a team that he leads now.

        One list, himself among it, and not "himself or": so an engine may join by it, and is free to use an index.
        """
        himself = select(cast(viewer, String(64)))
        return owner.in_(himself.union_all(self.led_by(viewer)))

    def shows(self, connection: Connection, owner: str | None, viewer: str | None) -> bool:
        """Tell whether ``viewer`` (none: who sees everything) sees what is ``owner``'s (none: nobody's)."""
        if viewer is None or owner == viewer:
            return True
        if owner is None:
            return False
        led = self.led_by(viewer).where(self.member.c.user_id == owner)
        return connection.execute(led.limit(1)).first() is not None
