"""What finance hears from crm: who its customers are, and whose, and who leads whom."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.teams import TeamTold
from services.finance.domain.terms import Terms
from services.finance.use_cases.accounts import KeepCustomer, KeepOwner, keep_customer, keep_owner, keep_team


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

    @subscriptions.on("crm.sales_team.defined.v1", TeamTold)
    def team_defined(tx: Transaction, view: TeamTold, _message: Message) -> None:
        keep_team(tx, view)

    return subscriptions
