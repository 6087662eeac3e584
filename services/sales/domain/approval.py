"""Which quotations need an approval: what a flow can ask a quotation for, and what was approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from libs.common.approvals.approval import Approval
from libs.common.approvals.conditions import Facts, Fields
from libs.common.approvals.flow import Flow
from libs.common.money import Money
from services.sales.domain.approval_errors import ApprovalNeeded, ApprovalOutdated, ChoiceNeedsApproval
from services.sales.domain.margins import margin_bp, total_cost
from services.sales.domain.order_type import Process
from services.sales.domain.quotation import Quotation

DOCUMENT = "quotation"
CUSTOMER = "customer"
ITEM = "item"
FIELDS: Fields = {
    "total": "money",
    "currency": "text",
    "largest_discount": "percent",
    "margin_percent": "percent",
    "price_overridden": "flag",
    "customer_id": "text",
    "owner_id": "text",
    "order_type": "text",
}


@dataclass(frozen=True)
class QuotationInBrief:
    """A quotation as a flow sees it: what it says, beside the little that people know it by."""

    id: str
    number: str
    customer_id: str
    total: Money
    facts: Facts
    order_type_version: int = 1


@dataclass(frozen=True)
class SentQuotation(Quotation):
    """A quotation that was sent, or waits for ``approval`` to be."""

    approval: Approval | None = None


def asked_by_type(flows: Iterable[Flow], process: Process) -> tuple[Flow, ...]:
    """Return those of ``flows`` that may ask about documents of an order type: all, unless it names some."""
    return tuple(flow for flow in flows if process.approvals is None or flow.name in process.approvals)


def largest_discount(quotation: Quotation) -> int:
    """Return the largest discount of a line, in hundredths of a percent."""
    return max((line.discount_bp for line in quotation.lines), default=0)


def with_choice(facts: Facts, ordered: Quotation) -> Facts:
    """Return what a quotation says where ``ordered`` is what was chosen of it: all of its lines count."""
    cost = total_cost([line.cost for line in ordered.lines], ordered.currency)
    margin = None if cost is None else margin_bp(ordered.net, cost)
    return {**facts, "total": ordered.total, "margin_percent": margin}


def is_as_offered(quotation: Quotation, ordered: Quotation) -> bool:
    """Tell whether ``ordered`` has just the lines that the total of ``quotation`` counts."""
    offered = [line.line_no for line in quotation.lines if line.included]
    return [line.line_no for line in ordered.lines] == offered


def require_no_approval(quotation: Quotation, needed: tuple[Flow, ...]) -> None:
    """Refuse to accept at once what must be approved before it is sent."""
    if needed:
        raise ApprovalNeeded(
            f"{quotation.number} needs an approval",
            flows=[flow.name for flow in needed],
            state=quotation.state,
        )


def require_as_approved(quotation: Quotation, approved: Facts | None) -> None:
    """Refuse to accept at another amount or discount than was approved."""
    now = (quotation.total, largest_discount(quotation))
    if approved is None or (approved["total"], approved["largest_discount"]) != now:
        raise ApprovalOutdated(f"{quotation.number} is not what was approved", total=quotation.total)


def require_choice_approved(
    quotation: Quotation, total: Money, needed: tuple[Flow, ...], had: frozenset[str]
) -> None:
    """Refuse a choice whose ``total`` needs a flow that the offer did not have to pass."""
    more = [flow.name for flow in needed if flow.name not in had]
    if more:
        raise ChoiceNeedsApproval(
            f"{quotation.number} needs an approval with what was chosen",
            field="chosen",
            flows=more,
            total=total,
            offered=quotation.total,
        )
