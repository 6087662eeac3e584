"""What inventory notes of customers: the addressee of a delivery, whose customer it is, and who leads whom."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.teams import TeamTold
from services.inventory.use_cases.keep_customer import KeepCustomer, change_owner, keep_customer, keep_team

subscriptions = Subscriptions("inventory")


@dataclass(frozen=True)
class CustomerDetails:
    """What inventory reads of a customer."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None = None
    country: str | None = None
    city: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class OwnerChanged:
    """What inventory reads of a change of salesperson."""

    customer_id: str
    owner_id: str | None = None


@subscriptions.on("crm.customer.registered.v1", CustomerDetails)
@subscriptions.on("crm.customer.details_changed.v1", CustomerDetails)
def customer_described(tx: Transaction, view: CustomerDetails, message: Message) -> None:
    """Note the customer as crm describes him."""
    keep_customer(tx, KeepCustomer(**vars(view)))


@subscriptions.on("crm.customer.owner_changed.v1", OwnerChanged)
def owner_changed(tx: Transaction, view: OwnerChanged, message: Message) -> None:
    """Note whose customer it is now."""
    change_owner(tx, view.customer_id, view.owner_id)


@subscriptions.on("crm.sales_team.defined.v1", TeamTold)
def team_defined(tx: Transaction, view: TeamTold, message: Message) -> None:
    """Note who is in the team now, and who leads it."""
    keep_team(tx, view)
