"""The rule by which waiting orders are ranked."""

from __future__ import annotations

from sqlalchemy import Connection

from services.inventory.domain.queue_rule import QueueRule
from services.inventory.store import queue_rules


def queue_rule_now(connection: Connection) -> QueueRule:
    """Return the rule that applies now; version 0 comes with the product: first come, first served."""
    return queue_rules.current(connection)
