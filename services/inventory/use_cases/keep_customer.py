"""Keep the replica of customers as crm tells it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.teams import TeamTold
from services.inventory.store import customers
from services.inventory.store.teams import TEAMS


@dataclass(frozen=True)
class KeepCustomer:
    """What crm says of a customer now."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None = None
    country: str | None = None
    city: str | None = None
    group: str | None = None


def keep_customer(tx: Transaction, command: KeepCustomer) -> None:
    """Store the customer as crm describes him; the last word counts."""
    known = customers.Customer(
        command.customer_id,
        command.number,
        command.name,
        command.owner_id,
        command.country,
        command.city,
        command.group,
    )
    customers.put(tx.connection, known, tx.now)


def change_owner(tx: Transaction, customer_id: str, owner_id: str | None) -> None:
    """Store whose customer this is now."""
    if not customers.set_owner(tx.connection, customer_id, owner_id, tx.now):
        raise Later(f"customer {customer_id} has not been registered here yet")


def keep_team(tx: Transaction, told: TeamTold) -> None:
    """Keep who is in a team now, and who leads it: he sees what is about the customers of its members."""
    TEAMS.keep(tx, told)
