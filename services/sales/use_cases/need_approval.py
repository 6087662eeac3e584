"""Whether a quotation needs an approval, has the one that it needs, and what becomes of one when the quotation ends."""

from __future__ import annotations

from libs.common.approvals import Facts, Flow, approved_facts, current_flows, find, lapse, matching
from libs.common.db import Connection, Transaction
from services.sales.domain.approval import (
    DOCUMENT,
    asked_by_type,
    is_as_offered,
    require_as_approved,
    require_choice_approved,
    require_no_approval,
    with_choice,
)
from services.sales.domain.quotation import Quotation
from services.sales.store import order_types, quotation_facts

BY_ITSELF = "sales"


def flows_for(
    connection: Connection, quotation_id: str, ordered: Quotation | None = None
) -> tuple[tuple[Flow, ...], Facts]:
    """Return the flows that the quotation needs, and what it says to them; nothing is read where there are none.

    An order type may name the flows that can ask about it at all. ``ordered`` is a choice of its lines, where that
    is not the one that is offered.
    """
    flows = current_flows(connection, DOCUMENT)
    if not flows:
        return (), {}
    brief = quotation_facts.of(connection, quotation_id)
    kind = order_types.known(connection, str(brief.facts["order_type"]), brief.order_type_version)
    facts = brief.facts if ordered is None else with_choice(brief.facts, ordered)
    return matching(asked_by_type(flows, kind.process), facts), facts


def require_approval(connection: Connection, quotation: Quotation, ordered: Quotation) -> None:
    """Refuse to accept a draft that needs an approval, and what is not as it was approved.

    What was sent without one stays the customer's to accept, whatever flows were defined since. ``ordered`` is
    what was chosen: where that is not what was offered, it may need an approval that the offer did not.
    """
    if quotation.state == "draft":
        require_no_approval(quotation, flows_for(connection, quotation.id, ordered)[0])
        return
    if quotation.approval_id is not None:
        require_as_approved(quotation, approved_facts(connection, quotation.approval_id))
    if not is_as_offered(quotation, ordered):
        needed, _ = flows_for(connection, quotation.id, ordered)
        require_choice_approved(quotation, ordered.total, needed, _had(connection, quotation))


def _had(connection: Connection, quotation: Quotation) -> frozenset[str]:
    """Return the names of the flows that the offer had to pass, or would have to now."""
    approval = None if quotation.approval_id is None else find(connection, quotation.approval_id)
    if approval is not None:
        return frozenset(step.flow for step in approval.steps)
    return frozenset(flow.name for flow in flows_for(connection, quotation.id)[0])


def close_approval(tx: Transaction, before: Quotation, reason: str) -> None:
    """End the approval that a quotation waited for until now."""
    if before.state == "pending_approval" and before.approval_id is not None:
        lapse(tx, before.approval_id, tx.cause.actor or BY_ITSELF, reason)
