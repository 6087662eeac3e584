"""Sales teams as sales knows them: whose orders are whose team's, by the day on which each was confirmed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Team:
    """A team as crm tells of it: all its members, and who leads it; both are ids of users."""

    id: str
    name: str
    version: int
    members: tuple[str, ...]
    manager_id: str | None = None
