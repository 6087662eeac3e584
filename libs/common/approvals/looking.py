"""Approvals as one person sees them: what waits for him, and what he may know of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from libs.common.approvals.approval import Approval, may_decide
from libs.common.approvals.asked_of import names_one_of, waits_for
from libs.common.approvals.conditions import Facts
from libs.common.approvals.faults import ApprovalNotFound
from libs.common.approvals.quorum import Voice
from libs.common.approvals.store import of_rows
from libs.common.approvals.tables import approval

Readable = ColumnElement[bool]
"""A condition upon the approvals that somebody may read, whoever was asked."""


def as_said(facts: Facts) -> Mapping[str, Any]:
    """Return what a document said as it was said."""
    return facts


@dataclass(frozen=True)
class Sight:
    """Who looks: with which ``voices``, his own first, at ``documents`` of which kinds.

    Beside what was asked of him or by him he sees what is ``readable``. ``show`` says how facts are shown to him.
    """

    voices: tuple[Voice, ...]
    documents: Collection[str]
    readable: Readable | None = None
    show: Callable[[Facts], Mapping[str, Any]] = as_said


@dataclass(frozen=True)
class ShownApproval(Approval):
    """An approval as one person sees it: what its document said, and whether it waits for that one."""

    said: Mapping[str, Any] = field(default_factory=dict)
    waits_for_you: bool = False

    @property
    def barred_people(self) -> list[str]:
        """Who may not decide, in order."""
        return sorted(self.barred)


@dataclass(frozen=True)
class ApprovalSearch:
    """What to look for. What is ``waiting`` is what waits for the one who looks, unless he wants ``all`` of it."""

    state: str | None = None
    document: str | None = None
    document_id: str | None = None
    requested_by: str | None = None
    all: bool = False


def is_shown(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that somebody may know of an approval: he asked, or is, was or could be asked about it."""
    mine = [names_one_of(sight.voices), approval.c.requested_by == sight.voices[0].person]
    readable = [] if sight.readable is None else [sight.readable]
    return and_(approval.c.document.in_(sorted(sight.documents)), or_(*readable, *mine))


def find_shown(connection: Connection, approval_id: str, sight: Sight) -> ShownApproval | None:
    """Return the approval if it may be known of, or nothing."""
    found = _shown(connection, select(approval).where(approval.c.id == approval_id, is_shown(sight)), sight)
    return found[0] if found else None


def one_approval(connection: Connection, approval_id: str, sight: Sight) -> ShownApproval:
    """Return an approval with its whole history; refuse one that the caller may not know of."""
    found = find_shown(connection, approval_id, sight)
    if found is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    return found


def list_approvals(
    connection: Connection,
    wanted: ApprovalSearch,
    sight: Sight,
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[ShownApproval]:
    """Return up to ``limit`` approvals, the latest first, those after ``after``."""
    query = select(approval).where(is_shown(sight))
    if wanted.state == "waiting" and not wanted.all:
        query = query.where(waits_for(sight.voices))
    for name in ("state", "document", "document_id", "requested_by"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(approval.c[name] == value)
    if after is not None:
        query = query.where(approval.c.id < after[0])
    return _shown(connection, query.order_by(approval.c.id.desc()).limit(limit), sight)


def _shown(connection: Connection, query: Select[Any], sight: Sight) -> list[ShownApproval]:
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    return [as_seen(each, sight) for each in of_rows(connection, list(rows))]


def as_seen(found: Approval, sight: Sight) -> ShownApproval:
    """Return the approval with what its document said, and whether it waits for the one who looks."""
    return ShownApproval(
        **vars(found), said=sight.show(found.facts), waits_for_you=may_decide(found, sight.voices)
    )
