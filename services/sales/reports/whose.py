"""Whose orders are meant by now: of whose customers, and to which campaign they are owed.

An order that is under way is its customer's salesperson's of now, for it is he who is asked where it stays. (Figures of
what was sold go by who it was on the day of the confirmation.) It narrows what the caller sees, and never widens it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal, select

from services.sales.store.campaign_tables import opportunity_campaign
from services.sales.store.tables import customer, quotation, sales_order
from services.sales.store.teams import members_now


@dataclass(frozen=True)
class Whose:
    """Orders of customers of this salesperson, of those who are in this ``team`` now, and owed to this ``campaign``."""

    salesperson: str | None = None
    team: str | None = None
    campaign: str | None = None

    def holds(self) -> list[ColumnElement[bool]]:
        """Return the conditions on an order; where nobody is named there are none."""
        found = []
        if self.salesperson is not None:
            found.append(_customer_of(customer.c.owner_id == self.salesperson))
        if self.team is not None:
            found.append(_customer_of(customer.c.owner_id.in_(members_now(self.team))))
        if self.campaign is not None:
            found.append(_owed_to(self.campaign))
        return found


EVERYBODYS = Whose()


def _customer_of(owner: ColumnElement[bool]) -> ColumnElement[bool]:
    return sales_order.c.customer_id.in_(select(customer.c.id).where(owner))


def _owed_to(campaign: str) -> ColumnElement[bool]:
    # From the order by two keys, so that it costs what the orders do that are looked at, not what the campaign brought.
    owed = (
        select(literal(1))
        .select_from(quotation)
        .join(opportunity_campaign, opportunity_campaign.c.opportunity_id == quotation.c.opportunity_id)
        .where(quotation.c.id == sales_order.c.quotation_id, opportunity_campaign.c.campaign_id == campaign)
    )
    return owed.correlate(sales_order).exists()
