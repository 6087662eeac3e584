"""What sales answers when crm wants a quotation for an opportunity."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("sales.opportunity.quoted.v1", key="quotation_id")
@dataclass(frozen=True)
class OpportunityQuoted:
    """A quotation, or a revision of it, was drawn up for an opportunity; ``total`` is with tax."""

    quotation_id: str
    opportunity_id: str
    number: str
    customer_id: str
    total: Money


@event("sales.opportunity.not_quoted.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityNotQuoted:
    """The quotation that was wanted cannot be drawn up: ``code`` names the rule, ``detail`` says it in words."""

    opportunity_id: str
    code: str
    detail: str
