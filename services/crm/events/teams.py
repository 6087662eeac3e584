"""What is said of sales teams."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event


@event("crm.sales_team.defined.v1", key="team_id")
@dataclass(frozen=True)
class SalesTeamDefined:
    """Who is in a team from now on, all of them, and who leads it; both are ids of users."""

    team_id: str
    name: str
    version: int
    members: tuple[str, ...]
    manager_id: str | None = None
