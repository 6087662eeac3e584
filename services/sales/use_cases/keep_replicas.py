"""Keep the replicas of items and customers as their owners tell them."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Price
from services.sales.domain.items import Customer, Item
from services.sales.store import costs, customers, items


def keep_item(tx: Transaction, item: Item) -> None:
    """Store an item as inventory describes it."""
    items.put(tx.connection, item, tx.now)


def keep_cost(tx: Transaction, item_id: str, unit_cost: Price, changed_on: date) -> None:
    """Store what a unit of an item costs, as inventory says."""
    costs.put(tx, item_id, unit_cost, changed_on)


def keep_customer(tx: Transaction, customer: Customer) -> None:
    """Store a customer as crm describes him."""
    customers.put(tx.connection, customer, tx.now)


def change_owner(tx: Transaction, customer_id: str, owner_id: str | None) -> None:
    """Store whose customer this is now."""
    if not customers.set_owner(tx.connection, customer_id, owner_id, tx.now):
        raise Later(f"customer {customer_id} has not been registered here yet")
