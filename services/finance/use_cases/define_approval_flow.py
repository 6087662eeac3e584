"""Define who must approve which documents of finance."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.approvals import Case, Flow, Step, check_flow, define_flow
from libs.common.db import Transaction
from services.finance.domain.approving import APPROVER_ROLES


@dataclass(frozen=True)
class DefineApprovalFlow:
    """A flow as its author wants it; the same name again is its next revision."""

    document: str
    name: str
    cases: tuple[Case, ...]
    steps: tuple[Step, ...]
    by: str
    active: bool = True


def define_approval_flow(tx: Transaction, command: DefineApprovalFlow) -> Flow:
    """Store the flow; it applies to what is asked from now on, what waits already keeps its own revision."""
    check_flow(command.cases, command.steps, APPROVER_ROLES)
    wanted = Flow(
        "", command.document, command.name, 0, command.cases, command.steps, command.active, command.by
    )
    return define_flow(tx, wanted)
