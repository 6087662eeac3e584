"""What the service desk notes of crm: customers, whose they are, teams, and what came of what technicians noticed."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from libs.common.teams import TeamTold
from services.service_desk.domain.customer import Customer
from services.service_desk.domain.finding import Earned
from services.service_desk.use_cases.keep_customer import change_owner, keep_customer, keep_team
from services.service_desk.use_cases.note_finding import note_earned, note_opportunity
from services.service_desk.use_cases.take_mail import keep_address

subscriptions = Subscriptions("service_desk")


@dataclass(frozen=True)
class CustomerDetails:
    """What the desk reads of a customer."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class ContactAdded:
    """What the desk reads of a person to talk to."""

    contact_id: str
    customer_id: str
    name: str
    email: str | None = None


@dataclass(frozen=True)
class OwnerChanged:
    """What the desk reads of a change of salesperson."""

    customer_id: str
    owner_id: str | None = None


@dataclass(frozen=True)
class OpportunityOpened:
    """What the desk reads of an opportunity."""

    opportunity_id: str
    number: str
    owner_id: str | None = None
    finding_id: str | None = None


@dataclass(frozen=True)
class RevenueChanged:
    """What the desk reads of an order that came of a finding."""

    finding_id: str
    order_id: str
    order_number: str
    state: str
    order_total: Money
    revenue: Money


@subscriptions.on("crm.customer.registered.v1", CustomerDetails)
@subscriptions.on("crm.customer.details_changed.v1", CustomerDetails)
def customer_described(tx: Transaction, view: CustomerDetails, message: Message) -> None:
    """Note the customer as crm describes it."""
    described = Customer(view.customer_id, view.number, view.name, view.owner_id, view.group)
    keep_customer(tx, described, message.sequence)


@subscriptions.on("crm.contact.added.v1", ContactAdded)
def contact_added(tx: Transaction, view: ContactAdded, message: Message) -> None:
    """Note by which address a person of the customer writes."""
    if view.email is not None:
        keep_address(tx, view.contact_id, view.customer_id, view.email, view.name)


@subscriptions.on("crm.customer.owner_changed.v1", OwnerChanged)
def owner_changed(tx: Transaction, view: OwnerChanged, message: Message) -> None:
    """Note whose customer it is now."""
    change_owner(tx, view.customer_id, view.owner_id, message.sequence)


@subscriptions.on("crm.sales_team.defined.v1", TeamTold)
def team_defined(tx: Transaction, view: TeamTold, message: Message) -> None:
    """Note who is in the team now, and who leads it."""
    keep_team(tx, view)


@subscriptions.on("crm.opportunity.opened.v1", OpportunityOpened)
def opportunity_opened(tx: Transaction, view: OpportunityOpened, message: Message) -> None:
    """Note that a finding is with a salesperson, if it comes of one."""
    if view.finding_id is not None:
        note_opportunity(tx, view.finding_id, view.opportunity_id, view.number, view.owner_id)


@subscriptions.on("crm.opportunity.revenue_changed.v1", RevenueChanged)
def revenue_changed(tx: Transaction, view: RevenueChanged, message: Message) -> None:
    """Note what the order earns."""
    order = Earned(view.order_id, view.order_number, view.state, view.order_total, view.revenue)
    note_earned(tx, view.finding_id, order, message.sequence)
