"""Approvals of finance's documents, as one person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, true

from libs.common.approvals import Approval, may_decide, names_one_of, of_rows
from libs.common.approvals.tables import approval
from services.finance.domain.approving import ShownRequest, Sight


def is_shown(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that somebody may know of an approval: he asked, or is, was or could be asked about it."""
    if sight.reads_all:
        return true()
    return or_(names_one_of(sight.voices), approval.c.requested_by == sight.voices[0].person)


def find_shown(connection: Connection, approval_id: str, sight: Sight) -> ShownRequest | None:
    """Return the approval if it may be known of, or nothing."""
    found = shown(connection, select(approval).where(approval.c.id == approval_id, is_shown(sight)), sight)
    return found[0] if found else None


def shown(connection: Connection, query: Select[Any], sight: Sight) -> list[ShownRequest]:
    """Return the approvals that ``query`` finds as the one who looks sees them."""
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    return [as_seen(each, sight) for each in of_rows(connection, list(rows))]


def as_seen(found: Approval, sight: Sight) -> ShownRequest:
    """Return the approval with whether it waits for the one who looks."""
    return ShownRequest(**vars(found), waits_for_you=may_decide(found, sight.voices))
