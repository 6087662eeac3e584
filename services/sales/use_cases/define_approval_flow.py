"""Define who must approve which quotations."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.approvals import Case, Flow, Step, check_flow, define_flow
from libs.common.db import Transaction
from services.sales.domain.approval import APPROVER_ROLES, DOCUMENT


@dataclass(frozen=True)
class DefineApprovalFlow:
    """A flow as its author wants it; the same name again is its next revision."""

    name: str
    cases: tuple[Case, ...]
    steps: tuple[Step, ...]
    by: str
    active: bool = True

    @property
    def flow(self) -> Flow:
        """The flow without its place among the revisions."""
        return Flow("", DOCUMENT, self.name, 0, self.cases, self.steps, self.active, self.by)


def define_approval_flow(tx: Transaction, command: DefineApprovalFlow) -> Flow:
    """Store the flow; it applies to what is sent from now on, what waits already keeps its own revision."""
    check_flow(command.cases, command.steps, APPROVER_ROLES)
    return define_flow(tx, command.flow)
