"""Keep the replicas of items and customers as their owners tell them."""

from __future__ import annotations

from datetime import date

from libs.common import forms
from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.forms import Form, Values
from libs.common.money import Price
from services.sales.domain.items import Customer, Item
from services.sales.domain.team import Team
from services.sales.store import campaigns, costs, customers, items, own_fields, teams


def keep_item(tx: Transaction, item: Item, fields: Values | None = None) -> None:
    """Store an item as inventory describes it, with what it says of the company's own form."""
    items.put(tx.connection, item, tx.now)
    if fields is not None:
        own_fields.keep_item(tx, item.id, fields)


def keep_cost(tx: Transaction, item_id: str, unit_cost: Price, changed_on: date) -> None:
    """Store what a unit of an item costs, as inventory says."""
    costs.put(tx, item_id, unit_cost, changed_on)


def keep_customer(tx: Transaction, customer: Customer, fields: Values | None = None) -> None:
    """Store a customer as crm describes him, with what he says of the company's own form."""
    customers.put(tx.connection, customer, tx.now)
    if fields is not None:
        own_fields.keep_customer(tx, customer.id, fields)


def keep_form(tx: Transaction, form: Form) -> None:
    """Store a version of a form of customers or items: flows may ask for what they say."""
    forms.keep(tx, form)


def change_owner(tx: Transaction, customer_id: str, owner_id: str | None) -> None:
    """Store whose customer this is now."""
    if not customers.set_owner(tx.connection, customer_id, owner_id, tx.now):
        raise Later(f"customer {customer_id} has not been registered here yet")


def keep_team(tx: Transaction, team: Team, day: date) -> None:
    """Store who is in a team from ``day`` on, and who leads it."""
    teams.keep(tx, team, day)


def keep_campaign(tx: Transaction, campaign_id: str, code: str) -> None:
    """Store what a campaign is called."""
    campaigns.keep(tx.connection, campaign_id, code)


def owe_to_campaign(tx: Transaction, opportunity_id: str, campaign_id: str) -> None:
    """Store to which campaign an opportunity is owed: the order that comes of it counts for it."""
    campaigns.owe(tx.connection, opportunity_id, campaign_id)
