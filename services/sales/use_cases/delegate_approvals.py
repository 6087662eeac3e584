"""Name a deputy for approvals, and take it back."""

from __future__ import annotations

from libs.common.approvals import Delegate as DelegateApprovals
from libs.common.approvals import Delegation, delegate
from libs.common.approvals import end_delegation as end_own
from libs.common.db import Transaction
from services.sales.domain.terms import Terms

__all__ = ["DelegateApprovals", "delegate_approvals", "end_own"]


def delegate_approvals(tx: Transaction, command: DelegateApprovals, terms: Terms) -> Delegation:
    """Let the deputy decide from the first day on, by the company's calendar."""
    return delegate(tx, command, terms.today(tx.now))
