"""What sales notes of customers: in which currency they buy, by which prices, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.sales.domain.items import Customer
from services.sales.use_cases.keep_replicas import change_owner, keep_customer

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


@dataclass(frozen=True)
class OwnerChanged:
    """What sales reads of a change of salesperson."""

    customer_id: str
    owner_id: str | None = None


@subscriptions.on("crm.customer.registered.v1", CustomerDetails)
@subscriptions.on("crm.customer.details_changed.v1", CustomerDetails)
def customer_described(tx: Transaction, view: CustomerDetails, message: Message) -> None:
    """Note the customer as crm describes him."""
    customer = Customer(
        view.customer_id, view.number, view.name, view.currency, view.owner_id, view.group, view.region
    )
    keep_customer(tx, customer)


@subscriptions.on("crm.customer.owner_changed.v1", OwnerChanged)
def owner_changed(tx: Transaction, view: OwnerChanged, message: Message) -> None:
    """Note whose customer it is now."""
    change_owner(tx, view.customer_id, view.owner_id)
