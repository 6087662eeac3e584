"""Campaigns: what was spent to be heard, who was addressed, and who answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from libs.common.money import Money
from services.crm.domain.lead_errors import CampaignWrong, CostReversed, MemberWrong

Channel = Literal["mail", "search", "social", "fair", "print", "phone", "referral", "web", "event", "other"]
Answer = Literal["none", "interested", "declined", "unreachable"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True)
class Campaign:
    """An effort to be heard; ``cost`` is the sum of its entries, in the company's currency like its budget."""

    id: str
    code: str
    name: str
    channel: Channel
    budget: Money
    starts_on: date
    created_by: str
    created_at: datetime
    cost: Money
    ends_on: date | None = None
    version: int = 1


@dataclass(frozen=True)
class Cost:
    """Money that was spent; one that takes another back has its amount negative, and names it."""

    id: str
    campaign_id: str
    day: date
    amount: Money
    description: str
    recorded_by: str
    recorded_at: datetime
    reverses_id: str | None = None


@dataclass(frozen=True)
class Member:
    """A lead or a customer that was addressed, and what they answered."""

    id: str
    campaign_id: str
    added_by: str
    added_at: datetime
    lead_id: str | None = None
    customer_id: str | None = None
    answer: Answer = "none"
    answered_at: datetime | None = None


def check_campaign(campaign: Campaign, currency: str) -> Campaign:
    """Return it; refuse another currency than the company's, and an end before the beginning."""
    check_currency(campaign.budget, currency, "budget")
    if campaign.ends_on is not None and campaign.ends_on < campaign.starts_on:
        raise CampaignWrong("it would end before it begins", field="ends_on", cure="choose a later day")
    return campaign


def check_currency(amount: Money, currency: str, field: str) -> Money:
    """Return ``amount``; refuse another currency than the company's."""
    if amount.currency != currency:
        raise CampaignWrong(
            f"campaigns are kept in {currency}", field=f"{field}.currency", cure=f"give it in {currency}"
        )
    return amount


def reversal(cost: Cost, new_id: str, day: date, by: str, now: datetime) -> Cost:
    """Return the entry that takes ``cost`` back; an entry that takes one back stays."""
    if cost.reverses_id is not None:
        raise CostReversed("this entry takes another one back", reverses_id=cost.reverses_id)
    back = Money(-cost.amount.minor, cost.amount.currency)
    return Cost(new_id, cost.campaign_id, day, back, cost.description, by, now, cost.id)


def check_member(lead_id: str | None, customer_id: str | None) -> None:
    """Refuse a member that is both or neither."""
    if (lead_id is None) == (customer_id is None):
        raise MemberWrong("a member is a lead or a customer", field="lead_id")
