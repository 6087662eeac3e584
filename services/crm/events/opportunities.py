"""What happens to opportunities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@event("crm.opportunity.opened.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityOpened:
    """A customer may buy something worth ``value``; ``owner_id`` is the salesperson who goes after it.

    ``finding_id`` and ``ticket_id`` say what service noticed, where it comes of that.
    """

    opportunity_id: str
    number: str
    customer_id: str
    title: str
    stage: str
    value: Money
    owner_id: str | None = None
    source: str | None = None
    expected_close_on: date | None = None
    campaign_id: str | None = None
    finding_id: str | None = None
    ticket_id: str | None = None


@event("crm.opportunity.stage_changed.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityStageChanged:
    """An open opportunity went from one stage to another."""

    opportunity_id: str
    number: str
    stage: str
    previous_stage: str


@dataclass(frozen=True)
class WantedLine:
    """What the customer wants of an item."""

    item_id: str
    quantity: Quantity


@event("crm.opportunity.quotation_wanted.v1", key="opportunity_id")
@dataclass(frozen=True)
class QuotationWanted:
    """A quotation of these lines is to be drawn up for the opportunity, in the name of ``wanted_by``."""

    opportunity_id: str
    number: str
    customer_id: str
    wanted_by: str
    lines: tuple[WantedLine, ...]


@event("crm.opportunity.won.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityWon:
    """The customer buys. ``order_id`` is the order that decided it; without one somebody said so."""

    opportunity_id: str
    number: str
    customer_id: str
    value: Money
    owner_id: str | None = None
    order_id: str | None = None


@event("crm.opportunity.lost.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityLost:
    """The customer does not buy, for ``reason``."""

    opportunity_id: str
    number: str
    customer_id: str
    value: Money
    reason: str
    owner_id: str | None = None


@event("crm.opportunity.reopened.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityReopened:
    """What was lost or won too early is open again, at ``stage``."""

    opportunity_id: str
    number: str
    customer_id: str
    stage: str


@event("crm.opportunity.revenue_changed.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityRevenueChanged:
    """An order that came of what service noticed stands so now: ``order_total`` with tax, ``revenue`` without.

    Revenue is what was invoiced of it less what was credited; both are what they come to, not what was added.
    """

    opportunity_id: str
    number: str
    finding_id: str
    ticket_id: str
    order_id: str
    order_number: str
    state: str
    order_total: Money
    revenue: Money
