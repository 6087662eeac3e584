"""What finance hears from crm: who its customers are, and whose."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.finance.domain.terms import Terms
from services.finance.use_cases.accounts import KeepCustomer, KeepOwner, keep_customer, keep_owner


def crm_subscriptions(terms: Terms) -> Subscriptions:
    """Return the handlers of crm's messages; new accounts are opened on ``terms``."""
    subscriptions = Subscriptions("finance")

    @subscriptions.on("crm.customer.registered.v1", KeepCustomer)
    def customer_registered(tx: Transaction, view: KeepCustomer, _message: Message) -> None:
        keep_customer(tx, view, terms)

    @subscriptions.on("crm.customer.details_changed.v1", KeepCustomer)
    def customer_details_changed(tx: Transaction, view: KeepCustomer, _message: Message) -> None:
        keep_customer(tx, view, terms)

    @subscriptions.on("crm.customer.owner_changed.v1", KeepOwner)
    def customer_owner_changed(tx: Transaction, view: KeepOwner, _message: Message) -> None:
        keep_owner(tx, view)

    return subscriptions
