"""Whether a quotation needs an approval, has the one that it needs, and what becomes of one when the quotation ends."""

from __future__ import annotations

from libs.common.approvals import Facts, Flow, approved_facts, current_flows, lapse, matching
from libs.common.db import Connection, Transaction
from services.sales.domain.approval import DOCUMENT, asked_by_type, require_as_approved, require_no_approval
from services.sales.domain.quotation import Quotation
from services.sales.store import order_types, quotation_facts

BY_ITSELF = "sales"


def flows_for(connection: Connection, quotation_id: str) -> tuple[tuple[Flow, ...], Facts]:
    """Return the flows that the quotation needs, and what it says to them; nothing is read where there are none.

    An order type may name the flows that can ask about it at all.
    """
    flows = current_flows(connection, DOCUMENT)
    if not flows:
        return (), {}
    brief = quotation_facts.of(connection, quotation_id)
    kind = order_types.known(connection, str(brief.facts["order_type"]), brief.order_type_version)
    return matching(asked_by_type(flows, kind.process), brief.facts), brief.facts


def require_approval(connection: Connection, quotation: Quotation) -> None:
    """Refuse to accept a draft that needs an approval, and what is not as it was approved.

    What was sent without one stays the customer's to accept, whatever flows were defined since.
    """
    if quotation.state == "draft":
        require_no_approval(quotation, flows_for(connection, quotation.id)[0])
    elif quotation.approval_id is not None:
        require_as_approved(quotation, approved_facts(connection, quotation.approval_id))


def close_approval(tx: Transaction, before: Quotation, reason: str) -> None:
    """End the approval that a quotation waited for until now."""
    if before.state == "pending_approval" and before.approval_id is not None:
        lapse(tx, before.approval_id, tx.cause.actor or BY_ITSELF, reason)
