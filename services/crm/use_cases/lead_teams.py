"""Say who is in which team, whose which leads become, what is to be sold, and hand everything of one to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.crm.domain.lead_errors import TeamNameTaken, TeamNotFound, TeamWrong
from services.crm.domain.team import Target, Team, Territory, check_members, check_one
from services.crm.events import SalesTeamDefined
from services.crm.store import customers, leads, opportunities, teams
from services.crm.use_cases.change_customer import give_customer, tell_opportunities
from services.crm.use_cases.work_on_lead import give_lead


@dataclass(frozen=True)
class HandedOver:
    """How many customers, leads and open opportunities went to somebody else in one act."""

    customers: int
    leads: int
    opportunities: int


def form_team(tx: Transaction, name: str, manager_id: str | None, members: Sequence[str]) -> Team:
    """Store a new team."""
    new = Team(tx.new_id(), name, manager_id, check_members(members))
    if not teams.add(tx.connection, new):
        raise TeamNameTaken(f"there is a team {name} already", field="name")
    _tell(tx, new)
    return new


def change_team(
    tx: Transaction,
    team_id: str,
    name: str,
    manager_id: str | None,
    members: Sequence[str],
    expected_version: int | None,
) -> Team:
    """Let a team be led by, and consist of, others; it is told again also when nothing is different.

    Who began to listen after a team was formed learns of it so.
    """
    before = teams.lock(tx.connection, team_id)
    if before is None:
        raise TeamNotFound("there is no such team", field="team_id")
    if expected_version not in (None, before.version):
        raise VersionMismatch(f"the team is at version {before.version}")
    if teams.name_taken(tx.connection, name, team_id):
        raise TeamNameTaken(f"there is a team {name} already", field="name")
    after = replace(before, name=name, manager_id=manager_id, members=check_members(members))
    saved = before if after == before else teams.save(tx.connection, after)
    _tell(tx, saved)
    return saved


def define_territories(tx: Transaction, wanted: Sequence[Territory]) -> list[Territory]:
    """Let the territories be ``wanted``; a new lead is in the first of them that fits."""
    for place, territory in enumerate(wanted):
        check_one(territory.owner_id, territory.team_id, f"territories.{place}")
        _known(tx, territory.team_id, f"territories.{place}.team_id")
    teams.replace_territories(tx.connection, wanted)
    return list(wanted)


def set_targets(tx: Transaction, month: str, wanted: Sequence[Target], currency: str) -> None:
    """Let the targets of a month be ``wanted``, each in the company's currency."""
    seen: set[tuple[str | None, str | None]] = set()
    for place, target in enumerate(wanted):
        field = f"targets.{place}"
        check_one(target.owner_id, target.team_id, field)
        _known(tx, target.team_id, f"{field}.team_id")
        if target.amount.currency != currency:
            raise TeamWrong(
                f"targets are kept in {currency}",
                field=f"{field}.amount.currency",
                cure=f"give it in {currency}",
            )
        if (target.owner_id, target.team_id) in seen:
            raise TeamWrong("it has a target already", field=f"{field}.owner_id", cure="name each once")
        seen.add((target.owner_id, target.team_id))
    teams.put_targets(tx, month, wanted)


def hand_over(tx: Transaction, from_id: str, to_id: str) -> HandedOver:
    """Give all customers, open leads and open opportunities of one salesperson to another, in one act.

    Customers first, then leads, each locked in the order of ids; each is told by its own event.
    """
    if from_id == to_id:
        raise TeamWrong("both are the same", field="to_owner_id", cure="name somebody else")
    moved = 0
    theirs = customers.lock_of(tx.connection, from_id)
    for customer in theirs:
        moved += give_customer(tx, customer, to_id)
    alone = opportunities.hand_over_of(tx.connection, from_id, to_id, tx.now)
    tell_opportunities(tx, alone, to_id)
    open_leads = leads.lock_open_of(tx.connection, from_id)
    for lead in open_leads:
        give_lead(tx, lead, to_id)
    return HandedOver(len(theirs), len(open_leads), moved + len(alone))


def _tell(tx: Transaction, team: Team) -> None:
    publish(tx, SalesTeamDefined(team.id, team.name, team.version, team.members, team.manager_id))


def _known(tx: Transaction, team_id: str | None, field: str) -> None:
    if team_id is not None and teams.find(tx.connection, team_id) is None:
        raise TeamWrong("there is no such team", field=field, cure="choose one of GET /api/v1/sales-teams")
