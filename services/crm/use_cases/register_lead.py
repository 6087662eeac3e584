"""Register a lead: by a person, who may be given it, or by a form on a page, without a login."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from services.crm.domain.lead import Lead, lead_number
from services.crm.domain.lead_errors import FormFull
from services.crm.domain.team import territory_for, whose_turn
from services.crm.domain.web_form import BY_VISITOR, Visit, require_active, require_reachable
from services.crm.events import LeadRegistered
from services.crm.store import campaigns, leads, teams
from services.crm.use_cases.open_opportunity import known_campaign

SERIES = "lead"


@dataclass(frozen=True)
class RegisterLead:
    """What is known of somebody who may become a customer; without an ``owner_id`` the territories decide whose."""

    company_name: str
    by: str
    person: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    employees: int | None = None
    source: str | None = None
    campaign_id: str | None = None
    owner_id: str | None = None
    note: str | None = None
    web_form_id: str | None = None


def register_lead(tx: Transaction, command: RegisterLead) -> Lead:
    """Store a new lead under the next number and tell of it."""
    told = dict(vars(command))
    by = told.pop("by")
    known_campaign(tx, command.campaign_id)
    told["owner_id"] = command.owner_id or _assigned(tx, command)
    number = lead_number(next_number(tx, SERIES))
    new = Lead(id=tx.new_id(), number=number, created_by=by, created_at=tx.now, **told)
    leads.add(tx.connection, new)
    publish(
        tx,
        LeadRegistered(
            lead_id=new.id,
            number=new.number,
            company_name=new.company_name,
            source=new.source,
            campaign_id=new.campaign_id,
            owner_id=new.owner_id,
            country=new.country,
        ),
    )
    return new


def take_web_form(tx: Transaction, token: str, told: RegisterLead, visit: Visit) -> Lead:
    """Register what a stranger wrote into a form, as the form says, and keep from where it came."""
    form = require_active(campaigns.form_of(tx.connection, token))
    require_reachable(told.email, told.phone)
    if not campaigns.count_visit(tx, form, visit.address):
        raise FormFull("this form had too many leads from your address", per_hour=form.per_hour)
    given = replace(told, by=BY_VISITOR, source=form.source, campaign_id=form.campaign_id)
    new = register_lead(tx, replace(given, owner_id=form.owner_id, web_form_id=form.id))
    leads.add_arrival(tx, new.id, form.id, visit)
    return new


def _assigned(tx: Transaction, command: RegisterLead) -> str | None:
    """Return whose a new lead becomes by the territories: the first that fits, nobody's if none does."""
    found = territory_for(
        teams.territories(tx.connection),
        country=command.country,
        region=command.region,
        source=command.source,
    )
    if found is None or found.team_id is None:
        return found.owner_id if found else None
    turn = teams.next_turn(tx.connection, found.team_id)
    team = teams.find(tx.connection, found.team_id)
    assert team is not None
    return whose_turn(team.members, turn) if team.members else team.manager_id
