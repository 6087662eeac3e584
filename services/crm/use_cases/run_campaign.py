"""Start campaigns, write down what they cost and who answered, and put forms on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.crm.domain import campaign as rules
from services.crm.domain.campaign import Answer, Campaign, Channel, Cost, Member
from services.crm.domain.customer import visible_to
from services.crm.domain.lead import require_open, visible_lead
from services.crm.domain.lead_errors import (
    CampaignCodeTaken,
    CampaignNotFound,
    CostNotFound,
    CostReversed,
    FormNotFound,
    MemberNotFound,
    MemberTwice,
)
from services.crm.domain.sight import Owners
from services.crm.domain.web_form import WebForm
from services.crm.events import CampaignCostRecorded, CampaignStarted
from services.crm.store import campaigns, customers, leads
from services.crm.use_cases.open_opportunity import known_campaign


@dataclass(frozen=True)
class StartCampaign:
    """A new campaign; its budget is in ``currency``, the company's."""

    code: str
    name: str
    channel: Channel
    budget: Money
    starts_on: date
    by: str
    currency: str
    ends_on: date | None = None


@dataclass(frozen=True)
class PutForm:
    """A new form; ``per_hour`` is how many leads may come from one address in an hour."""

    name: str
    source: str
    token: str
    by: str
    campaign_id: str | None = None
    owner_id: str | None = None
    active: bool = True
    per_hour: int = 20


def start_campaign(tx: Transaction, command: StartCampaign) -> Campaign:
    """Store a new campaign and tell of it."""
    told = dict(vars(command))
    by, currency = told.pop("by"), told.pop("currency")
    new = Campaign(id=tx.new_id(), created_by=by, created_at=tx.now, cost=Money.zero(currency), **told)
    rules.check_campaign(new, currency)
    if not campaigns.add(tx.connection, new):
        raise CampaignCodeTaken(f"there is a campaign {new.code} already", field="code")
    publish(tx, CampaignStarted(new.id, new.code, new.name, str(new.channel), new.budget, new.starts_on))
    return new


def change_campaign(
    tx: Transaction, campaign_id: str, changes: Mapping[str, Any], expected_version: int | None
) -> Campaign:
    """Change what is planned for a campaign; its code and what it cost stay."""
    before = _locked(tx, campaign_id)
    if expected_version not in (None, before.version):
        raise VersionMismatch(f"campaign {before.code} is at version {before.version}")
    after = rules.check_campaign(replace(before, **changes), before.cost.currency)
    return before if after == before else campaigns.save(tx.connection, after)


def record_cost(
    tx: Transaction, campaign_id: str, day: date, amount: Money, description: str, by: str
) -> Cost:
    """Write down money that was spent and tell of it."""
    found = _locked(tx, campaign_id)
    rules.check_currency(amount, found.cost.currency, "amount")
    new = Cost(tx.new_id(), campaign_id, day, amount, description, by, tx.now)
    campaigns.add_cost(tx.connection, new)
    return _told(tx, new)


def reverse_cost(tx: Transaction, campaign_id: str, cost_id: str, day: date, by: str) -> Cost:
    """Take an entry back by another one, once; the first stays as it was."""
    _locked(tx, campaign_id)
    cost = campaigns.find_cost(tx.connection, campaign_id, cost_id)
    if cost is None:
        raise CostNotFound("the campaign has no such entry", field="cost_id")
    back = rules.reversal(cost, tx.new_id(), day, by, tx.now)
    if not campaigns.add_cost(tx.connection, back):
        raise CostReversed("this entry was taken back already", cost_id=cost.id)
    return _told(tx, back)


def add_member(
    tx: Transaction, campaign_id: str, lead_id: str | None, customer_id: str | None, by: str, owners: Owners
) -> Member:
    """Note that a campaign addressed an open lead or a customer."""
    require_campaign(tx, campaign_id)
    rules.check_member(lead_id, customer_id)
    if lead_id is not None:
        require_open(visible_lead(leads.keep_still(tx.connection, lead_id), owners), "addressed")
    if customer_id is not None:
        visible_to(customers.find(tx.connection, customer_id), owners)
    new = Member(tx.new_id(), campaign_id, by, tx.now, lead_id, customer_id)
    if not campaigns.add_member(tx.connection, new):
        raise MemberTwice("the campaign addressed them already")
    return new


def answer_campaign(
    tx: Transaction, campaign_id: str, member_id: str, answer: Answer, owners: Owners
) -> Member:
    """Note what somebody answered; ``none`` takes that back."""
    found = campaigns.find_member(tx.connection, campaign_id, member_id)
    if found is None:
        raise MemberNotFound("the campaign addressed nobody by this id", field="member_id")
    if found.lead_id is not None:
        visible_lead(leads.find(tx.connection, found.lead_id), owners)
    if found.customer_id is not None:
        visible_to(customers.find(tx.connection, found.customer_id), owners)
    changed = replace(found, answer=answer, answered_at=None if answer == "none" else tx.now)
    if changed.answer != found.answer:
        campaigns.save_answer(tx.connection, changed)
        return changed
    return found


def put_form(tx: Transaction, command: PutForm) -> WebForm:
    """Make a form with a token of its own."""
    told = dict(vars(command))
    by = told.pop("by")
    known_campaign(tx, command.campaign_id)
    new = WebForm(id=tx.new_id(), created_by=by, created_at=tx.now, **told)
    campaigns.add_form(tx.connection, new)
    return new


def change_form(
    tx: Transaction, form_id: str, changes: Mapping[str, Any], expected_version: int | None
) -> WebForm:
    """Change what a form does, or take it from the page; its token stays."""
    before = campaigns.lock_form(tx.connection, form_id)
    if before is None:
        raise FormNotFound("there is no such form", field="form_id", cure="list the forms")
    if expected_version not in (None, before.version):
        raise VersionMismatch(f"the form is at version {before.version}")
    known_campaign(tx, changes.get("campaign_id"))
    after = replace(before, **changes)
    return before if after == before else campaigns.save_form(tx.connection, after)


def require_campaign(tx: Transaction, campaign_id: str) -> Campaign:
    """Return the campaign; refuse one that there is not."""
    found = campaigns.find(tx.connection, campaign_id)
    if found is None:
        raise CampaignNotFound("there is no such campaign", field="campaign_id")
    return found


def _locked(tx: Transaction, campaign_id: str) -> Campaign:
    found = campaigns.lock(tx.connection, campaign_id)
    if found is None:
        raise CampaignNotFound("there is no such campaign", field="campaign_id")
    return found


def _told(tx: Transaction, cost: Cost) -> Cost:
    told = CampaignCostRecorded(
        cost.id, cost.campaign_id, cost.day, cost.amount, cost.description, cost.reverses_id
    )
    publish(tx, told)
    return cost
