"""What of finance needs a second person: which documents, what a flow asks them for, and who is asked without one."""

from __future__ import annotations

from typing import Literal

from libs.common.approvals.conditions import Case, Facts, Fields
from libs.common.approvals.flow import Approver, Flow, Step
from libs.common.money import Money

Document = Literal["credit_override", "write_off", "refund"]
OVERRIDE: Document = "credit_override"
WRITE_OFF: Document = "write_off"
REFUND: Document = "refund"
DOCUMENTS = (OVERRIDE, WRITE_OFF, REFUND)
FIELDS: Fields = {"amount": "money", "currency": "text", "customer_id": "text", "owner_id": "text"}

_BUILT_IN = Step("Second person", 1, (Approver("role", "finance"),))


def first_flow(document: str) -> Flow:
    """Return who is asked where no flow of the company applies: anybody of finance but the one who asks."""
    return Flow(f"built-in/{document}", document, "Second person", 0, (Case(),), (_BUILT_IN,))


def facts_of(amount: Money, customer_id: str, owner_id: str | None) -> Facts:
    """Return what a document says to the flows."""
    return {
        "amount": amount,
        "currency": amount.currency,
        "customer_id": customer_id,
        "owner_id": owner_id,
    }
