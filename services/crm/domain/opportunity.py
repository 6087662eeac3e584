"""An opportunity: what a customer may buy, from the first talk to won or lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.crm.domain.opportunity_errors import (
    AlreadyOrdered,
    AlreadyQuoted,
    NothingToQuote,
    OpportunityNotFound,
    OpportunityStateRefuses,
    ValueWrong,
)
from services.crm.domain.sight import Owners, within
from services.crm.domain.stage import FULL_BP

State = Literal["open", "won", "lost"]
LostReason = Literal[
    "price", "competitor", "no_budget", "no_decision", "timing", "product", "service", "duplicate", "other"
]
QuotationState = Literal["none", "wanted", "refused", "quoted", "closed"]

STATES: tuple[State, ...] = get_args(State)
LOST_REASONS: tuple[LostReason, ...] = get_args(LostReason)
QUOTATION_STATES: tuple[QuotationState, ...] = get_args(QuotationState)
NUMBER_DIGITS = 6
MOST_LINES = 200


@dataclass(frozen=True)
class OpportunityLine:
    """An item that the customer may want, and how much of it."""

    line_no: int
    item_id: str
    quantity: Quantity


@dataclass(frozen=True)
class Opportunity:
    """What a customer may buy. ``value`` is what it would bring, in the customer's currency, as somebody estimates it.

    ``probability_bp`` replaces that of its stage when somebody knows better. ``quotation_state``: a quotation was
    never asked for, is *wanted* (sales has not answered), was *refused* (``quotation_refusal`` says why), *quoted*, or
    *closed* (the customer declined, or let it expire). ``order_id`` is the order that came of it.
    """

    id: str
    number: str
    customer_id: str
    title: str
    stage: str
    value: Money
    created_by: str
    opened_at: datetime
    stage_since: datetime
    owner_id: str | None = None
    state: State = "open"
    probability_bp: int | None = None
    source: str | None = None
    campaign_id: str | None = None
    expected_close_on: date | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    lost_reason: LostReason | None = None
    lost_detail: str | None = None
    closed_at: datetime | None = None
    quotation_state: QuotationState = "none"
    quotation_id: str | None = None
    quotation_refusal: str | None = None
    order_id: str | None = None
    lines: tuple[OpportunityLine, ...] = ()
    version: int = 1

    @property
    def currency(self) -> str:
        """The currency of its value."""
        return self.value.currency


def opportunity_number(count: int) -> str:
    """Return the ``count``-th number: O-000001, O-000002 ..."""
    return f"O-{count:0{NUMBER_DIGITS}d}"


def check_value(value: Money, currency: str) -> Money:
    """Return ``value``; refuse less than nothing, and another currency than the customer's."""
    if value.currency != currency:
        raise ValueWrong(
            f"the customer buys in {currency}", field="value.currency", cure=f"give the value in {currency}"
        )
    if value.minor < 0:
        raise ValueWrong("the value is negative", field="value.amount", cure="give 0 or more")
    return value


def chance_bp(opportunity: Opportunity, stage_bp: int) -> int:
    """Return how likely it is won, in hundredths of a percent: certain once it is won, never once it is lost."""
    if opportunity.state != "open":
        return FULL_BP if opportunity.state == "won" else 0
    return stage_bp if opportunity.probability_bp is None else opportunity.probability_bp


def weighted(value: Money, probability_bp: int) -> Money:
    """Return the part of ``value`` that may be counted upon, rounded half up."""
    return value.share(probability_bp, FULL_BP)


def as_percent(bp: int | None) -> Decimal | None:
    """Return a probability as a percentage with two decimals."""
    return None if bp is None else Decimal(bp) / 100


def visible(found: Opportunity | None, customer_owner: str | None, owners: Owners) -> Opportunity:
    """Return the opportunity if the caller may know of it, else refuse as if there were none."""
    if found is None or not within(customer_owner, owners):
        raise OpportunityNotFound("there is no such opportunity", field="opportunity_id")
    return found


def require_open(opportunity: Opportunity, passive: str) -> None:
    """Refuse what can only be done while it is open."""
    if opportunity.state != "open":
        raise OpportunityStateRefuses(
            f"an opportunity that is {opportunity.state} cannot be {passive}",
            cure="reopen it first",
            state=opportunity.state,
        )


def moved(opportunity: Opportunity, stage: str, now: datetime) -> Opportunity:
    """Return the open opportunity at another stage; it begins to count its time there anew."""
    require_open(opportunity, "moved")
    return replace(opportunity, stage=stage, stage_since=now, probability_bp=None)


def wanting_quotation(opportunity: Opportunity) -> Opportunity:
    """Return it as it waits for its quotation; refuse a second one beside one that can still be accepted."""
    if opportunity.state == "lost":
        require_open(opportunity, "quoted")
    if opportunity.order_id is not None:
        raise AlreadyOrdered(f"{opportunity.number} is ordered", order_id=opportunity.order_id)
    if opportunity.quotation_state in ("wanted", "quoted"):
        raise AlreadyQuoted(
            f"{opportunity.number} has a quotation"
            if opportunity.quotation_state == "quoted"
            else f"the quotation of {opportunity.number} is being drawn up",
            cure="revise the quotation instead",
            quotation_id=opportunity.quotation_id,
        )
    if not opportunity.lines:
        raise NothingToQuote(f"{opportunity.number} has no lines")
    return replace(opportunity, quotation_state="wanted", quotation_id=None, quotation_refusal=None)


def won(opportunity: Opportunity, now: datetime, order_id: str | None = None) -> Opportunity:
    """Return it as won: by a person's word while it is open, or by an order at any time."""
    if order_id is None:
        require_open(opportunity, "won")
    return replace(
        opportunity,
        state="won",
        closed_at=opportunity.closed_at if opportunity.state == "won" else now,
        lost_reason=None,
        lost_detail=None,
        order_id=order_id or opportunity.order_id,
    )


def lost(opportunity: Opportunity, reason: LostReason, detail: str | None, now: datetime) -> Opportunity:
    """Return it as lost, for ``reason``."""
    require_open(opportunity, "lost")
    return replace(opportunity, state="lost", lost_reason=reason, lost_detail=detail, closed_at=now)


def reopened(opportunity: Opportunity, now: datetime) -> Opportunity:
    """Return it as open again, at the stage where it was; not once the customer has ordered."""
    if opportunity.state == "open":
        raise OpportunityStateRefuses("it is open already", state="open")
    if opportunity.order_id is not None:
        raise AlreadyOrdered(
            f"{opportunity.number} is ordered",
            cure="open another opportunity for what is still to come",
            order_id=opportunity.order_id,
        )
    return replace(
        opportunity, state="open", lost_reason=None, lost_detail=None, closed_at=None, stage_since=now
    )


def quoted(opportunity: Opportunity, quotation_id: str) -> Opportunity:
    """Return it with the quotation that sales drew up; the latest one is what can be accepted."""
    return replace(opportunity, quotation_state="quoted", quotation_id=quotation_id, quotation_refusal=None)


def quotation_refused(opportunity: Opportunity, detail: str) -> Opportunity:
    """Return it as sales could not draw up its quotation."""
    if opportunity.quotation_state != "wanted":
        return opportunity
    return replace(opportunity, quotation_state="refused", quotation_refusal=detail)


def quotation_closed(opportunity: Opportunity, quotation_id: str) -> Opportunity:
    """Return it as its quotation was declined or expired; one that was replaced before is of no matter."""
    if opportunity.quotation_id != quotation_id:
        return opportunity
    return replace(opportunity, quotation_state="closed")
