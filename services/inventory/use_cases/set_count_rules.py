"""Say above which value the differences of a count must be approved, and by whom: an approval flow with one step."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.approvals import Approver, Case, Clause, Flow, Step, check_flow, define_flow
from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import LIMIT_MINOR, Money
from services.inventory.domain.counting import APPROVER_ROLES, DOCUMENT, CountRules, ToleranceNeedsApprover
from services.inventory.store import count_rules
from services.inventory.store.count_rules import FLOW


@dataclass(frozen=True)
class SetCountRules:
    """The tolerance from now on; none: nobody is asked."""

    tolerance: Money | None
    approvers: tuple[str, ...]
    by: str
    expected_version: int | None = None


def set_count_rules(tx: Transaction, command: SetCountRules) -> CountRules:
    """Store the next revision of the rules; counts that wait already keep theirs.

    A count whose differences nobody can value, or not in the tolerance's currency, needs the yes as well.
    """
    before = count_rules.current(tx.connection)
    if command.expected_version not in (None, before.revision):
        raise VersionMismatch(f"the rules are at version {before.revision}")
    if command.tolerance is None:
        approvers: tuple[str, ...] = command.approvers or before.approvers or ("finance",)
    else:
        approvers = command.approvers
        if not approvers:
            raise ToleranceNeedsApprover("nobody is named who may approve", field="approvers")
    new = _flow(command, tuple(dict.fromkeys(approvers)))
    check_flow(new.cases, new.steps, APPROVER_ROLES)
    return count_rules.of_flow(define_flow(tx, new))


def _flow(command: SetCountRules, approvers: tuple[str, ...]) -> Flow:
    tolerance = command.tolerance or Money.zero("USD")
    above = Money(min(tolerance.minor + 1, LIMIT_MINOR), tolerance.currency)
    cases = [
        Case((Clause("absolute_value", "at_least", above),)),
        Case((Clause("value_unknown", "equals", True),)),
    ]
    step = Step("Stock count", 1, tuple(Approver("role", name) for name in approvers))
    return Flow(
        "", DOCUMENT, FLOW, 0, tuple(cases), (step,), command.tolerance is not None, created_by=command.by
    )
