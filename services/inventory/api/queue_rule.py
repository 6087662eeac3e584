"""The rule by which waiting orders are ranked, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, expected_version, fields
from services.inventory.domain.queue_rule import MOST_GROUPS, QueueRule
from services.inventory.reports.queue_rule import queue_rule_now
from services.inventory.use_cases.set_queue_rule import SetQueueRule, set_queue_rule

queue_rule = Noun("queue-rule", "/api/v1/queue-rule", description="Who is served first when stock returns")


class QueueRuleIn(Strict):
    """The rule from now on: these groups of customers in this order, all others last; then the promised day."""

    groups = fields.ListOf(fields.Text(max=64), least=0, most=MOST_GROUPS, required=True)
    by_promised_day = fields.Flag(required=True)


class QueueRuleOut(QueueRuleIn):
    """The rule that applies; version 0 comes with the product: first come, first served."""

    version = fields.CountField()


@queue_rule.query("/", answer=QueueRuleOut, roles=ANY, summary="Show who is served first")
def show(connection: Connection) -> QueueRule:
    """Show the rule."""
    return queue_rule_now(connection)


@queue_rule.command(
    "PUT",
    "/",
    body=QueueRuleIn,
    answer=QueueRuleOut,
    roles=("sales_manager",),
    summary="Say who is served first",
)
def put(tx: Transaction, body: dict[str, Any]) -> QueueRule:
    """Set the rule, and rank all who wait by it."""
    groups = tuple(body["groups"])
    return set_queue_rule(tx, SetQueueRule(groups, body["by_promised_day"], expected_version()))
