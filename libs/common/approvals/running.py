"""The acts upon a running approval, each under the lock of its row: what a service's use cases are made of.

A service locks its own document first, then comes here: so two acts upon one document never wait in a ring.
"""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.approvals import approval as rules
from libs.common.approvals import store
from libs.common.approvals.approval import Approval, Decision, Subject
from libs.common.approvals.flow import Flow
from libs.common.approvals.quorum import Voice
from libs.common.db import Transaction
from libs.common.errors import VersionMismatch


def ask(tx: Transaction, subject: Subject, flows: Sequence[Flow], asked_by: str) -> Approval:
    """Begin an approval of the document by these flows.

    The superiors are those that the token of who acts names; whoever is asked for by another has none here.
    """
    superiors = tx.cause.superiors if tx.cause.actor == asked_by else ()
    new = rules.begin(tx.new_id(), subject, flows, asked_by, tx.now, superiors)
    store.add(tx, new)
    return new


def decide(
    tx: Transaction, approval_id: str, wanted: Decision, *, expected_version: int | None = None
) -> Approval:
    """Add a decision; of two at once each counts once, and one of them, at most, ends the approval."""
    before = _locked(tx, approval_id, expected_version)
    return store.save(tx, before, rules.decide(before, wanted, tx.now))


def withdraw(
    tx: Transaction, approval_id: str, by: Voice, comment: str | None, *, expected_version: int | None = None
) -> Approval:
    """Take the question back."""
    before = _locked(tx, approval_id, expected_version)
    return store.save(tx, before, rules.withdraw(before, by, comment, tx.now))


def lapse(tx: Transaction, approval_id: str, by: str, reason: str) -> Approval:
    """End an approval whose document is over."""
    before = store.lock(tx, approval_id)
    return store.save(tx, before, rules.lapse(before, by, reason, tx.now))


def escalate(tx: Transaction, approval_id: str, n: int, by: str) -> Approval | None:
    """Ask the further role of a step whose time has passed, once; nothing when it was answered or asked meanwhile."""
    before = store.lock(tx, approval_id)
    after = rules.escalate(before, n, by, tx.now)
    return None if after is None else store.save(tx, before, after)


def _locked(tx: Transaction, approval_id: str, expected: int | None) -> Approval:
    found = store.lock(tx, approval_id)
    if expected is not None and expected != found.version:
        raise VersionMismatch(
            f"the approval of {found.number} is at version {found.version}, not {expected}",
            cure="Read it again and decide anew.",
            version=found.version,
        )
    return found
