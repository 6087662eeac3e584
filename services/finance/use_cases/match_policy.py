"""How much of a difference is borne before an invoice is held."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.finance.domain.three_way import MatchPolicy, Tolerance
from services.finance.store import bought


@dataclass(frozen=True)
class SetMatchPolicy:
    """The tolerances from now on; invoices on hold are looked at by them when something comes in."""

    price: Tolerance
    quantity: Tolerance
    expected_version: int | None = None


def set_match_policy(tx: Transaction, command: SetMatchPolicy) -> MatchPolicy:
    """Store the next version; refuse to build on a version that was not the last."""
    current = bought.policy_now(tx.connection)
    if command.expected_version not in (None, current.version):
        raise VersionMismatch(f"the policy is at version {current.version}")
    new = MatchPolicy(current.version + 1, command.price, command.quantity)
    if replace(new, version=current.version) == current:
        return current
    if not bought.add_policy(tx, new):
        raise VersionMismatch(f"somebody else has just stored version {new.version}")
    return new
