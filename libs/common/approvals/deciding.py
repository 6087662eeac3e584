"""Decide on an approval, take it back, or ask further people, and let its document follow in the same commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from libs.common.approvals import running
from libs.common.approvals.approval import Approval, AskedStep, Decision
from libs.common.approvals.looking import ShownApproval, Sight, as_seen, one_approval
from libs.common.approvals.store import find, overdue
from libs.common.db import Database, Transaction

ESCALATION = "escalation"
ESCALATE_EVERY = timedelta(seconds=30)
BATCH = 50


@dataclass(frozen=True)
class Reaction:
    """What a kind of document does about its approval; the last argument is what its service goes by (its terms).

    ``lock`` keeps what the approval is about to the transaction before the approval's row is locked: one order for
    everybody. ``told`` is called last, when it has ended.
    """

    lock: Callable[[Transaction, str], object]
    approved: Callable[[Transaction, Approval, Any], object]
    rejected: Callable[[Transaction, Approval, Any], object]
    withdrawn: Callable[[Transaction, Approval, Any], object]
    escalated: Callable[[Transaction, Approval, AskedStep], object]
    told: Callable[[Transaction, Approval], object] | None = None


Reactions = Mapping[str, Reaction]
"""The reactions of a service, by the kind of document."""


@dataclass(frozen=True)
class AboutApproval:
    """Which approval, as which version if the caller says so, and who acts."""

    approval_id: str
    sight: Sight
    expected_version: int | None = None


@dataclass(frozen=True)
class DecideApproval:
    """What the caller decides; what is left out is found as in ``approval.decide``."""

    about: AboutApproval
    verdict: Literal["approved", "rejected"]
    step: int | None = None
    on_behalf_of: str | None = None
    comment: str | None = None


def decide_approval(
    tx: Transaction, command: DecideApproval, reactions: Reactions, terms: Any
) -> ShownApproval:
    """Count the decision once; the one that completes the approval carries the document out in the same commit.

    If that is not possible any more, the decision does not count. The document is locked before its approval, as by
    whoever changes or ends it: one goes first, and the other finds the approval settled.
    """
    about, sight = command.about, command.about.sight
    reaction = _locked(tx, about, reactions)
    decision = Decision(
        verdict=command.verdict,
        me=sight.voices[0],
        lent=sight.voices[1:],
        step=command.step,
        on_behalf_of=command.on_behalf_of,
        comment=command.comment,
    )
    after = running.decide(tx, about.approval_id, decision, expected_version=about.expected_version)
    if after.state == "approved":
        reaction.approved(tx, after, terms)
    elif after.state == "rejected":
        reaction.rejected(tx, after, terms)
    if after.state != "waiting" and reaction.told is not None:
        reaction.told(tx, after)
    return as_seen(after, sight)


def withdraw_approval(
    tx: Transaction, about: AboutApproval, comment: str | None, reactions: Reactions, terms: Any
) -> ShownApproval:
    """Take the question back."""
    reaction = _locked(tx, about, reactions)
    after = running.withdraw(
        tx, about.approval_id, about.sight.voices[0], comment, expected_version=about.expected_version
    )
    reaction.withdrawn(tx, after, terms)
    if reaction.told is not None:
        reaction.told(tx, after)
    return as_seen(after, about.sight)


def _locked(tx: Transaction, about: AboutApproval, reactions: Reactions) -> Reaction:
    seen = one_approval(tx.connection, about.approval_id, about.sight)
    reaction = reactions[seen.document]
    reaction.lock(tx, seen.document_id)
    return reaction


def escalate_overdue(tx: Transaction, limit: int, reactions: Reactions) -> int:
    """Ask further people where a step was not answered in its time; return how many steps that were."""
    late = sorted(overdue(tx.connection, tx.now, limit))
    return sum(_escalate(tx, approval_id, n, reactions) for approval_id, n in late)


def _escalate(tx: Transaction, approval_id: str, n: int, reactions: Reactions) -> bool:
    seen = find(tx.connection, approval_id)
    assert seen is not None, "an approval is never deleted"
    reaction = reactions[seen.document]
    reaction.lock(tx, seen.document_id)
    after = running.escalate(tx, approval_id, n, ESCALATION)
    if after is None:
        return False
    reaction.escalated(tx, after, after.steps[n - 1])
    return True


def escalating(reactions: Reactions) -> Callable[[Database], int]:
    """Return the job that asks further people, in transactions of bounded size."""

    def escalate_approvals(database: Database) -> int:
        total = 0
        while escalated := database.transact(lambda tx: escalate_overdue(tx, BATCH, reactions)):
            total += escalated
        return total

    return escalate_approvals
