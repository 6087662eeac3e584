"""Say what the house promises for tickets from now on."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.service_desk.domain.sla import SlaPolicy, check_policy, to_data
from services.service_desk.store import policies
from services.service_desk.use_cases.run_clock import SLA


def define_sla(tx: Transaction, wanted: SlaPolicy, by: str, expected_version: int | None = None) -> SlaPolicy:
    """Store the policy as the next version; tickets that there are keep the promise that they were given."""
    check_policy(wanted)
    before = policies.lock_current(tx, SLA)
    last = before.version if before else 0
    if expected_version not in (None, last):
        raise VersionMismatch(f"the policy is at version {last}")
    policies.add(tx, SLA, last + 1, to_data(wanted), by)
    return replace(wanted, version=last + 1)
