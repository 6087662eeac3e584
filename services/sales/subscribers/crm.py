"""What sales does about crm's facts: who buys by which prices, what is to be quoted, and who is in which team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.forms import ToldField, form_told
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.sales.domain.items import Customer
from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.team import Team
from services.sales.domain.terms import Terms
from services.sales.use_cases.keep_replicas import (
    change_owner,
    keep_campaign,
    keep_customer,
    keep_form,
    keep_team,
    owe_to_campaign,
)
from services.sales.use_cases.quote_opportunity import QuoteOpportunity, quote_opportunity

subscriptions = Subscriptions("sales")


@dataclass(frozen=True)
class CustomerDetails:
    """What sales reads of a customer."""

    customer_id: str
    number: str
    name: str
    currency: str
    owner_id: str | None = None
    group: str | None = None
    region: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormDefined:
    """What sales reads of a form of customers."""

    document: str
    version: int
    fields: tuple[ToldField, ...]
    defined_by: str


@dataclass(frozen=True)
class OwnerChanged:
    """What sales reads of a change of salesperson."""

    customer_id: str
    owner_id: str | None = None


@dataclass(frozen=True)
class WantedLine:
    """What is wanted of an item."""

    item_id: str
    quantity: Quantity


@dataclass(frozen=True)
class QuotationWanted:
    """What sales reads of an opportunity that is to be quoted."""

    opportunity_id: str
    customer_id: str
    wanted_by: str
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True)
class OpportunityOpened:
    """What sales reads of a new opportunity."""

    opportunity_id: str
    campaign_id: str | None = None


@dataclass(frozen=True)
class CampaignStarted:
    """What sales reads of a new campaign."""

    campaign_id: str
    code: str


@dataclass(frozen=True)
class TeamDefined:
    """What sales reads of a team: who is in it from now on."""

    team_id: str
    name: str
    version: int
    members: tuple[str, ...]
    manager_id: str | None = None


@subscriptions.on("crm.customer.registered.v1", CustomerDetails)
@subscriptions.on("crm.customer.details_changed.v1", CustomerDetails)
def customer_described(tx: Transaction, view: CustomerDetails, message: Message) -> None:
    """Note the customer as crm describes him."""
    customer = Customer(
        view.customer_id, view.number, view.name, view.currency, view.owner_id, view.group, view.region
    )
    keep_customer(tx, customer, view.fields)


@subscriptions.on("crm.form.defined.v1", FormDefined)
def form_defined(tx: Transaction, view: FormDefined, message: Message) -> None:
    """Note which fields the company added to customers."""
    keep_form(tx, form_told(view.document, view.version, view.fields, view.defined_by))


@subscriptions.on("crm.customer.owner_changed.v1", OwnerChanged)
def owner_changed(tx: Transaction, view: OwnerChanged, message: Message) -> None:
    """Note whose customer it is now."""
    change_owner(tx, view.customer_id, view.owner_id)


@subscriptions.on("crm.campaign.started.v1", CampaignStarted)
def campaign_started(tx: Transaction, view: CampaignStarted, message: Message) -> None:
    """Note what the campaign is called."""
    keep_campaign(tx, view.campaign_id, view.code)


@subscriptions.on("crm.opportunity.opened.v1", OpportunityOpened)
def opportunity_opened(tx: Transaction, view: OpportunityOpened, message: Message) -> None:
    """Note which campaign the opportunity is owed to; it is told before a quotation is wanted for it."""
    if view.campaign_id is not None:
        owe_to_campaign(tx, view.opportunity_id, view.campaign_id)


def teaming(terms: Callable[[], Terms]) -> Subscriptions:
    """Return what is done about teams, by the company's days."""
    told = Subscriptions("sales")

    @told.on("crm.sales_team.defined.v1", TeamDefined)
    def team_defined(tx: Transaction, view: TeamDefined, message: Message) -> None:
        team = Team(view.team_id, view.name, view.version, view.members, view.manager_id)
        keep_team(tx, team, terms().today(message.time))

    return told


def quoting(terms: Callable[[], Terms]) -> Subscriptions:
    """Return what is done about opportunities, on the company's ``terms`` of the moment."""
    wanted = Subscriptions("sales")

    @wanted.on("crm.opportunity.quotation_wanted.v1", QuotationWanted)
    def quotation_wanted(tx: Transaction, view: QuotationWanted, message: Message) -> None:
        lines = tuple(RequestedLine(line.item_id, line.quantity) for line in view.lines)
        command = QuoteOpportunity(view.opportunity_id, view.customer_id, view.wanted_by, lines)
        quote_opportunity(tx, command, terms())

    return wanted
