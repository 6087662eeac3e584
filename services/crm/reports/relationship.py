"""A customer as crm knows them: who to talk to, what was talked about last, what may be bought next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from libs.common.money import Money
from services.crm.domain.customer import Contact
from services.crm.domain.sight import Owners
from services.crm.reports.activities import ActivityRow, ActivitySearch, list_activities, next_activity
from services.crm.reports.customers import list_contacts, one_customer
from services.crm.reports.opportunities import OpportunityRow, OpportunitySearch, list_opportunities
from services.crm.store.pipeline_tables import opportunity

SHOWN = 5


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
    customer = one_customer(connection, customer_id, owners=owners)
    counts, open_minor = _counts(connection, customer_id)
    theirs, past = OpportunitySearch("open", customer_id=customer_id), ActivitySearch(customer_id, done=True)
    return Relationship(
        customer_id=customer.id,
        customer_number=customer.number,
        customer_name=customer.name,
        open_opportunities=counts.get("open", 0),
        won_opportunities=counts.get("won", 0),
        lost_opportunities=counts.get("lost", 0),
        open_value=Money(open_minor, customer.currency),
        opportunities=list_opportunities(connection, theirs, after=None, limit=SHOWN),
        contacts=list_contacts(connection, customer_id, after=None, limit=SHOWN),
        recent_activities=list_activities(connection, past, after=None, limit=SHOWN),
        next_activity=next_activity(connection, customer_id),
    )


def _counts(connection: Connection, customer_id: str) -> tuple[dict[str, int], int]:
    query = select(opportunity.c.state, func.count(), func.sum(opportunity.c.value_minor)).where(
        opportunity.c.customer_id == customer_id
    )
    rows: list[Any] = list(connection.execute(query.group_by(opportunity.c.state)))
    return {row[0]: row[1] for row in rows}, sum(int(row[2]) for row in rows if row[0] == "open")
