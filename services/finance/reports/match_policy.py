"""How much of a difference between order, receipt and invoice is borne now."""

from __future__ import annotations

from sqlalchemy import Connection

from services.finance.domain.three_way import MatchPolicy
from services.finance.store import bought


def match_policy_now(connection: Connection) -> MatchPolicy:
    """Return the policy that applies now."""
    return bought.policy_now(connection)
