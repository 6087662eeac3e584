"""Draw up the quotation that crm wants for an opportunity, or say why there can be none."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import MeridianError
from libs.common.outbox import publish
from services.sales.domain.line_pricing import Pen, RequestedLine
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import OpportunityNotQuoted
from services.sales.use_cases.issue_quotation import IssueQuotation, draw_up, issue_drawn


@dataclass(frozen=True)
class QuoteOpportunity:
    """Which opportunity, of whom, in whose name, and what is wanted."""

    opportunity_id: str
    customer_id: str
    wanted_by: str
    lines: tuple[RequestedLine, ...]


def quote_opportunity(tx: Transaction, command: QuoteOpportunity, terms: Terms) -> Quotation | None:
    """Issue the quotation at the prices of today; a refusal is an answer, which crm shows beside the opportunity."""
    offer = IssueQuotation(
        customer_id=command.customer_id,
        lines=command.lines,
        pen=Pen(command.wanted_by, may_override=False),
        opportunity_id=command.opportunity_id,
    )
    try:
        drawn = draw_up(tx, offer, terms)
    except MeridianError as refusal:
        publish(tx, OpportunityNotQuoted(command.opportunity_id, refusal.code, refusal.message))
        return None
    return issue_drawn(tx, drawn, offer)
