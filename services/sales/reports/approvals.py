"""Looking at approvals: what waits for somebody, and how each came to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from libs.common.approvals import Voice, lent_to, waits_for
from libs.common.approvals.faults import ApprovalNotFound
from libs.common.approvals.tables import approval
from services.sales.domain.approval import ShownApproval
from services.sales.store.approvals import Sight, find_shown, is_shown, shown


@dataclass(frozen=True)
class Looker:
    """Who looks, on which day; the rest as in ``Sight``."""

    me: Voice
    today: date
    reads_quotations: bool
    only_owner: str | None = None


@dataclass(frozen=True)
class ApprovalSearch:
    """What to look for. What is ``waiting`` is what waits for the one who looks, unless he wants ``all`` of it."""

    state: str | None = None
    document_id: str | None = None
    requested_by: str | None = None
    all: bool = False


def one_approval(connection: Connection, approval_id: str, looker: Looker) -> ShownApproval:
    """Return an approval with its whole history; refuse one that the caller may not know of."""
    found = find_shown(connection, approval_id, _sight(connection, looker))
    if found is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    return found


def list_approvals(
    connection: Connection,
    wanted: ApprovalSearch,
    looker: Looker,
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[ShownApproval]:
    """Return up to ``limit`` approvals, the latest first, those after ``after``."""
    sight = _sight(connection, looker)
    query = select(approval).where(is_shown(sight))
    if wanted.state is not None:
        query = query.where(approval.c.state == wanted.state)
    if wanted.state == "waiting" and not wanted.all:
        query = query.where(waits_for(sight.voices))
    if wanted.document_id is not None:
        query = query.where(approval.c.document_id == wanted.document_id)
    if wanted.requested_by is not None:
        query = query.where(approval.c.requested_by == wanted.requested_by)
    if after is not None:
        query = query.where(approval.c.id < after[0])
    return shown(connection, query.order_by(approval.c.id.desc()).limit(limit), sight)


def _sight(connection: Connection, looker: Looker) -> Sight:
    lent = lent_to(connection, looker.me.person, looker.today)
    return Sight((looker.me, *lent), looker.reads_quotations, looker.only_owner)
