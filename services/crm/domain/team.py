"""Sales teams, and whose a new lead becomes: by territories, the first that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from libs.common.money import Money
from services.crm.domain.customer import search_key
from services.crm.domain.lead_errors import TeamWrong

MOST_MEMBERS = 200
MOST_TERRITORIES = 500


@dataclass(frozen=True)
class Team:
    """Salespeople and who leads them; ``turn`` counts the leads that were dealt out among them."""

    id: str
    name: str
    manager_id: str | None
    members: tuple[str, ...]
    turn: int = 0
    version: int = 1


@dataclass(frozen=True)
class Territory:
    """Leads of this country, region and source (``None``: of any) are ``owner_id``'s, or go round in a team."""

    name: str
    country: str | None = None
    region: str | None = None
    source: str | None = None
    owner_id: str | None = None
    team_id: str | None = None


@dataclass(frozen=True)
class Target:
    """What a salesperson or a team is to sell in a month (``2026-03``), in the company's currency."""

    month: str
    amount: Money
    owner_id: str | None = None
    team_id: str | None = None


def check_members(members: Sequence[str]) -> tuple[str, ...]:
    """Return the members; refuse somebody named twice."""
    for place, member in enumerate(members):
        if member in members[:place]:
            raise TeamWrong(f"{member} is named twice", field=f"members.{place}", cure="name each once")
    return tuple(members)


def check_one(owner_id: str | None, team_id: str | None, field: str) -> None:
    """Refuse what is both a person's and a team's, or neither's."""
    if (owner_id is None) == (team_id is None):
        raise TeamWrong("it is a person's or a team's", field=f"{field}.owner_id", cure="name one of both")


def territory_for(
    territories: Sequence[Territory], *, country: str | None, region: str | None, source: str | None
) -> Territory | None:
    """Return the first territory that a lead lies in, compared without case and accents."""
    told = {"country": country, "region": region, "source": source}
    for territory in territories:
        if all(_fits(getattr(territory, name), value) for name, value in told.items()):
            return territory
    return None


def whose_turn(members: Sequence[str], turn: int) -> str:
    """Return who gets the ``turn``-th lead, from 1."""
    return members[(turn - 1) % len(members)]


def _fits(wanted: str | None, told: str | None) -> bool:
    return wanted is None or (told is not None and search_key(wanted) == search_key(told))
