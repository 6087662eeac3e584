"""Keep the replica of customers as crm tells it."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.teams import TeamTold
from services.service_desk.domain.customer import Customer
from services.service_desk.store import customers
from services.service_desk.store.teams import TEAMS


def keep_customer(tx: Transaction, customer: Customer, sequence: int) -> None:
    """Store the customer as crm described it in its ``sequence``-th message; the latest word counts."""
    customers.put(tx.connection, customer, sequence, tx.now)


def change_owner(tx: Transaction, customer_id: str, owner_id: str | None, sequence: int) -> None:
    """Store whose customer this is now."""
    if customers.find(tx.connection, customer_id) is None:
        raise Later(f"customer {customer_id} has not been registered here yet")
    customers.set_owner(tx.connection, customer_id, owner_id, sequence, tx.now)


def keep_team(tx: Transaction, told: TeamTold) -> None:
    """Keep who is in a team now, and who leads it: he sees what is about the customers of its members."""
    TEAMS.keep(tx, told)
