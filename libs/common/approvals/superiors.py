"""Superiors: who is asked for whom, when an approval begins; the rule alone, without the tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from libs.common.approvals.flow import Approver, Step


def resolved(step: Step, superiors: Sequence[str], barred: Collection[str]) -> Step:
    """Return the step with each superior as the person that he is, or as the role that stands in for him.

    ``superiors`` are those of who asks, the direct one first. One who is barred is passed over, as if he were not
    there: the next one above him is asked. Who is named twice by that is asked once.
    """
    free = [person for person in superiors if person not in barred]
    named: dict[tuple[str, str], Approver] = {}
    for approver in step.approvers:
        found = _resolved(approver, step, free) if approver.kind == "superior" else approver
        named.setdefault((found.kind, found.name), found)
    return replace(step, approvers=tuple(named.values()))


def _resolved(approver: Approver, step: Step, free: Sequence[str]) -> Approver:
    level = int(approver.name)
    if level <= len(free):
        return Approver("user", free[level - 1], level=level)
    assert step.otherwise is not None, "a flow that asks a superior names who stands in for him"
    return Approver("role", step.otherwise, level=level)
