"""Whose leads and opportunities a figure is of: of one owner, of who is in a team now, of what is owed to a campaign.

By the owner of the lead or the opportunity itself, for that is who answers for it. It narrows what the caller sees, and
never widens it: what he sees goes on being asked beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from services.crm.store.team_tables import sales_team_member


@dataclass(frozen=True)
class Among:
    """What is this owner's, of who is in this ``team`` now (an id), and owed to this ``campaign`` (an id)."""

    owner_id: str | None = None
    team: str | None = None
    campaign: str | None = None

    def holds(self, owner: ColumnElement[Any], campaign: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions that something of this owner and campaign is among them; no one names: none."""
        found = []
        if self.owner_id is not None:
            found.append(owner == self.owner_id)
        if self.team is not None:
            member = sales_team_member.c
            found.append(owner.in_(select(member.user_id).where(member.team_id == self.team)))
        if self.campaign is not None:
            found.append(campaign == self.campaign)
        return found


EVERYTHING = Among()
