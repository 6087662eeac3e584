"""Open an opportunity with a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.crm.domain.customer import Customer, visible_to
from services.crm.domain.item import checked_lines
from services.crm.domain.lead_errors import UnknownCampaign
from services.crm.domain.opportunity import Opportunity, OpportunityLine, check_value, opportunity_number
from services.crm.domain.opportunity_errors import UnknownStage
from services.crm.domain.sight import Owners
from services.crm.domain.stage import Stage, known_stage
from services.crm.events import OpportunityOpened
from services.crm.store import campaigns, customers, items, opportunities, stages

SERIES = "opportunity"


@dataclass(frozen=True)
class OpenOpportunity:
    """What a customer may buy; ``owners`` as in ``visible_to``. Without a ``value`` it is worth nothing yet.

    ``finding_id`` and ``ticket_id`` say what service noticed, where it comes of that.
    """

    customer_id: str
    title: str
    by: str
    owners: Owners = None
    value: Money | None = None
    stage: str | None = None
    probability_bp: int | None = None
    source: str | None = None
    campaign_id: str | None = None
    expected_close_on: date | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    lines: tuple[tuple[str, Quantity], ...] = ()
    finding_id: str | None = None
    ticket_id: str | None = None


def open_opportunity(tx: Transaction, command: OpenOpportunity) -> Opportunity:
    """Store a new opportunity, the salesperson's whose customer it is, and tell of it."""
    customer = visible_to(customers.find(tx.connection, command.customer_id), command.owners)
    draft = _drawn(tx, command, customer)
    opportunities.add(tx, draft, command.by)
    told = OpportunityOpened(
        opportunity_id=draft.id,
        number=draft.number,
        customer_id=draft.customer_id,
        title=draft.title,
        stage=draft.stage,
        value=draft.value,
        owner_id=draft.owner_id,
        source=draft.source,
        campaign_id=draft.campaign_id,
        expected_close_on=draft.expected_close_on,
        finding_id=command.finding_id,
        ticket_id=command.ticket_id,
    )
    publish(tx, told)
    return draft


def _drawn(tx: Transaction, command: OpenOpportunity, customer: Customer) -> Opportunity:
    stage = kept_stage(tx, command.stage)
    value = check_value(command.value or Money.zero(customer.currency), customer.currency)
    lines = lines_for(tx, command.lines)
    return Opportunity(
        id=tx.new_id(),
        number=opportunity_number(next_number(tx, SERIES)),
        customer_id=customer.id,
        title=command.title,
        stage=stage.code,
        value=value,
        created_by=command.by,
        opened_at=tx.now,
        stage_since=tx.now,
        owner_id=customer.owner_id or command.by,
        probability_bp=command.probability_bp,
        source=command.source,
        campaign_id=known_campaign(tx, command.campaign_id),
        expected_close_on=command.expected_close_on,
        next_step=command.next_step,
        next_step_on=command.next_step_on,
        lines=lines,
    )


def kept_stage(tx: Transaction, code: str | None) -> Stage:
    """Return the stage (without a ``code`` the first), which stays in the pipeline until the transaction ends."""
    stage = known_stage(stages.known(tx.connection), code)
    if not stages.lock(tx.connection, stage.code):
        raise UnknownStage(f"the stage {stage.code} was just taken away", field="stage")
    return stage


def lines_for(tx: Transaction, wanted: tuple[tuple[str, Quantity], ...]) -> tuple[OpportunityLine, ...]:
    """Return the lines for pairs of item and quantity; refuse what is not sold, by its field."""
    known = items.known(tx.connection, [item_id for item_id, _ in wanted])
    return checked_lines(wanted, known)


def known_campaign(tx: Transaction, campaign_id: str | None) -> str | None:
    """Return ``campaign_id``; refuse one that there is not. Campaigns never go away again."""
    if campaign_id is not None and campaigns.find(tx.connection, campaign_id) is None:
        raise UnknownCampaign("there is no such campaign", field="campaign_id")
    return campaign_id
