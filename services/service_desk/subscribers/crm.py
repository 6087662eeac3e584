"""What the service desk notes of customers: what they are called, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.service_desk.domain.customer import Customer
from services.service_desk.use_cases.keep_customer import change_owner, keep_customer

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
class OwnerChanged:
    """What the desk reads of a change of salesperson."""

    customer_id: str
    owner_id: str | None = None


@subscriptions.on("crm.customer.registered.v1", CustomerDetails)
@subscriptions.on("crm.customer.details_changed.v1", CustomerDetails)
def customer_described(tx: Transaction, view: CustomerDetails, message: Message) -> None:
    """Note the customer as crm describes it."""
    described = Customer(view.customer_id, view.number, view.name, view.owner_id, view.group)
    keep_customer(tx, described, message.sequence)


@subscriptions.on("crm.customer.owner_changed.v1", OwnerChanged)
def owner_changed(tx: Transaction, view: OwnerChanged, message: Message) -> None:
    """Note whose customer it is now."""
    change_owner(tx, view.customer_id, view.owner_id, message.sequence)
