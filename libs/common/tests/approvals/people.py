"""A few people and flows for the tests of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from libs.common.approvals import Approval, Approver, Decision, Flow, Step, Subject, Voice
from libs.common.approvals.approval import begin, decide
from libs.common.money import Money

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AUTHOR = "nancy"
MIA = Voice("mia", frozenset({"sales_manager"}))
MAX = Voice("max", frozenset({"sales_manager"}))
FAY = Voice("fay", frozenset({"finance"}))
BOTH = Voice("bob", frozenset({"sales_manager", "finance"}))
WIM = Voice("wim", frozenset({"warehouse"}))
FACTS = {
    "total": Money.of("900.00", "USD"),
    "discount": 1500,
    "override": False,
    "who": "harbor",
    "owner": None,
}


def role(name: str) -> Approver:
    return Approver("role", name)


def user(name: str) -> Approver:
    return Approver("user", name)


def step(*approvers: Approver, stage: int = 1, **more: Any) -> Step:
    return Step(more.pop("name", f"ask {stage}"), stage, approvers or (role("sales_manager"),), **more)


def flow(*steps: Step, name: str = "flow") -> Flow:
    return Flow(f"id of {name}", "order", name, 1, (), steps)


def running(*steps: Step, barred: tuple[str, ...] = (AUTHOR,)) -> Approval:
    subject = Subject("order", "id", "N-1", "id", FACTS, frozenset(barred))
    return begin("approval", subject, [flow(*(steps or (step(),)))], AUTHOR, NOW)


def say(approval: Approval, me: Voice, *lent: Voice, no: str | None = None, **more: Any) -> Approval:
    """Let somebody approve, or reject with the reason ``no``."""
    verdict = "approved" if no is None else "rejected"
    return decide(approval, Decision(verdict, me, lent, comment=no, **more), NOW)
