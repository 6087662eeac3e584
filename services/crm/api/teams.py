"""Sales teams over HTTP: who leads whom, whose which leads become, targets, and handing everything over."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, expected_version, fields
from services.crm.api.company import base_currency
from services.crm.api.who import ASSIGNERS, SELLERS
from services.crm.domain.team import MOST_MEMBERS, MOST_TERRITORIES, Target, Team, Territory
from services.crm.reports.teams import list_targets, list_teams, list_territories
from services.crm.use_cases.lead_teams import (
    HandedOver,
    change_team,
    define_territories,
    form_team,
    hand_over,
    set_targets,
)

MONTH = r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])"
MOST_TARGETS = 1000
_USER = {"description": "The id of a user."}

sales_teams = Noun("sales-teams", "/api/v1/sales-teams", description="Salespeople and who leads them")
territories = Noun("territories", "/api/v1/territories", description="Whose new leads become")
sales_targets = Noun("sales-targets", "/api/v1/sales-targets", description="What is to be sold in a month")
handovers = Noun("handovers", "/api/v1/handovers", description="Everything of one salesperson to another")


class TeamIn(Strict):
    """A team; its manager sees what its members see."""

    name = fields.Text(max=200, required=True)
    manager_id = fields.Text(max=64, allow_none=True, metadata=_USER)
    members = fields.ListOf(fields.Text(max=64), least=0, most=MOST_MEMBERS, required=True)


class TeamOut(TeamIn):
    """A team."""

    id = fields.IdField()
    version = fields.CountField(least=1)


class TeamsOut(Strict):
    """All teams, by name."""

    teams = fields.ListOf(TeamOut, least=0)


class TerritoryIn(Strict):
    """Leads of this country, region and source are a person's, or go round in a team; null is any."""

    name = fields.Text(max=200, required=True)
    country = fields.Text(max=80, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    source = fields.Text(max=40, allow_none=True)
    owner_id = fields.Text(max=64, allow_none=True, metadata=_USER)
    team_id = fields.IdField(allow_none=True)


class TerritoriesIn(Strict):
    """All territories; a new lead is in the first that fits."""

    territories = fields.ListOf(TerritoryIn, least=0, most=MOST_TERRITORIES, required=True)


class TerritoriesOut(Strict):
    """All territories, in their order."""

    territories = fields.ListOf(TerritoryIn, least=0)


class TargetIn(Strict):
    """What a salesperson or a team is to sell, in the company's currency."""

    owner_id = fields.Text(max=64, allow_none=True, metadata=_USER)
    team_id = fields.IdField(allow_none=True)
    amount = fields.MoneyField(required=True)


class TargetsIn(Strict):
    """All targets of a month."""

    targets = fields.ListOf(TargetIn, least=0, most=MOST_TARGETS, required=True)


class TargetOut(TargetIn):
    """A target, and what was ordered towards it; ``others`` in other currencies, which do not count."""

    month = fields.Text(max=7)
    team_name = fields.Text(max=200, allow_none=True)
    ordered = fields.MoneyField()
    others = fields.ListOf(fields.MoneyField(), least=0)


class TargetsOut(Strict):
    """The targets of a month."""

    targets = fields.ListOf(TargetOut, least=0)


class MonthFilter(Strict):
    """Which month."""

    month = fields.Text(max=7, pattern=MONTH, required=True)


class TargetsOfMonthIn(TargetsIn):
    """All targets of a month."""

    month = fields.Text(max=7, pattern=MONTH, required=True)


class HandoverIn(Strict):
    """Who gives, and who takes."""

    from_owner_id = fields.Text(max=64, required=True, metadata=_USER)
    to_owner_id = fields.Text(max=64, required=True, metadata=_USER)


class HandoverOut(Strict):
    """How much went over."""

    customers = fields.CountField()
    leads = fields.CountField()
    opportunities = fields.CountField()


@sales_teams.query("/", answer=TeamsOut, roles=SELLERS, summary="List the teams")
def teams(connection: Connection) -> dict[str, list[Team]]:
    """List teams by name."""
    return {"teams": list_teams(connection)}


@sales_teams.command(
    "POST", "/", body=TeamIn, answer=TeamOut, status=201, roles=("sales_manager",), summary="Form a team"
)
def form(tx: Transaction, body: dict[str, Any]) -> Team:
    """Form a team."""
    return form_team(tx, body["name"], body.get("manager_id"), body["members"])


@sales_teams.command(
    "PUT", "/<uuid:team_id>", body=TeamIn, answer=TeamOut, roles=("sales_manager",), summary="Change a team"
)
def change(tx: Transaction, body: dict[str, Any], team_id: str) -> Team:
    """Let a team be led by, and consist of, others."""
    told = (body["name"], body.get("manager_id"), body["members"])
    return change_team(tx, team_id, *told, expected_version())


@territories.query("/", answer=TerritoriesOut, roles=SELLERS, summary="List the territories")
def list_all(connection: Connection) -> dict[str, list[Territory]]:
    """List territories in their order."""
    return {"territories": list_territories(connection)}


@territories.command(
    "PUT",
    "/",
    body=TerritoriesIn,
    answer=TerritoriesOut,
    roles=("sales_manager",),
    summary="Define the territories",
)
def define(tx: Transaction, body: dict[str, Any]) -> dict[str, list[Territory]]:
    """Replace the territories; leads that are there already stay whose they are."""
    return {"territories": define_territories(tx, [Territory(**each) for each in body["territories"]])}


@sales_targets.query(
    "/", answer=TargetsOut, roles=ASSIGNERS, filters=MonthFilter, summary="Targets of a month"
)
def targets(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """List the targets of a month with what was ordered towards each."""
    return {"targets": list_targets(connection, filters["month"])}


@sales_targets.command(
    "PUT",
    "/",
    body=TargetsOfMonthIn,
    answer=TargetsOut,
    roles=("sales_manager",),
    summary="Set a month's targets",
)
def put_targets(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Replace the targets of a month."""
    month = body["month"]
    set_targets(tx, month, [Target(month=month, **each) for each in body["targets"]], base_currency())
    return {"targets": list_targets(tx.connection, month)}


@handovers.command(
    "POST", "/", body=HandoverIn, answer=HandoverOut, roles=("sales_manager",), summary="Hand everything over"
)
def give_all(tx: Transaction, body: dict[str, Any]) -> HandedOver:
    """Give all customers, open leads and open opportunities of one salesperson to another, in one act."""
    return hand_over(tx, body["from_owner_id"], body["to_owner_id"])
