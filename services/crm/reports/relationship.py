"""A customer as crm knows them: who to talk to, what was talked about last, what may be bought next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from libs.common.db import Prepared
from libs.common.money import Money
from services.crm.domain.customer import Contact, Customer
from services.crm.domain.sight import Owners
from services.crm.reports.activities import ActivityRow, latest_done, next_activity
from services.crm.reports.customers import first_contacts, one_customer
from services.crm.reports.opportunities import OpportunityRow, latest_open
from services.crm.store.pipeline_tables import opportunity

SHOWN = 5
_BY_STATE = Prepared(
    select(opportunity.c.state, func.count(), func.sum(opportunity.c.value_minor))
    .where(opportunity.c.customer_id == bindparam("of_customer"))
    .group_by(opportunity.c.state)
)


@dataclass(frozen=True)
class Relationship:
    """How many opportunities are open, won and lost, the latest of them, and what was and is to be done.

    ``open_value`` is what all that are open would bring. ``next_activity`` is what is due first.
    """

    customer_id: str
    customer_number: str
    customer_name: str
    open_opportunities: int
    won_opportunities: int
    lost_opportunities: int
    open_value: Money
    opportunities: list[OpportunityRow]
    contacts: list[Contact]
    recent_activities: list[ActivityRow]
    next_activity: ActivityRow | None


def relationship(connection: Connection, customer_id: str, *, owners: Owners) -> Relationship:
    """Return the summary; refuse a customer that the caller may not know of."""
    return relationship_of(connection, one_customer(connection, customer_id, owners=owners))


def relationship_of(connection: Connection, customer: Customer) -> Relationship:
    """Return the summary of a customer that the caller may know of."""
    counts, open_minor = _counts(connection, customer.id)
    return Relationship(
        customer_id=customer.id,
        customer_number=customer.number,
        customer_name=customer.name,
        open_opportunities=counts.get("open", 0),
        won_opportunities=counts.get("won", 0),
        lost_opportunities=counts.get("lost", 0),
        open_value=Money(open_minor, customer.currency),
        opportunities=latest_open(connection, customer.id, SHOWN),
        contacts=first_contacts(connection, customer.id, SHOWN),
        recent_activities=latest_done(connection, customer.id, SHOWN),
        next_activity=next_activity(connection, customer.id),
    )


def _counts(connection: Connection, customer_id: str) -> tuple[dict[str, int], int]:
    rows: list[Any] = list(connection.execute(_BY_STATE, {"of_customer": customer_id}))
    return {row[0]: row[1] for row in rows}, sum(int(row[2]) for row in rows if row[0] == "open")
