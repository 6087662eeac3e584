"""Looking at approvals of finance's documents and at the flows that ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from libs.common.approvals import Flow, find_flow, flow_of_row, waits_for
from libs.common.approvals.faults import ApprovalNotFound, FlowNotFound
from libs.common.approvals.tables import approval, approval_flow
from services.finance.domain.approving import DOCUMENTS, ShownRequest, Sight
from services.finance.reports.paging import Position
from services.finance.store.approvals import find_shown, is_shown, shown


@dataclass(frozen=True)
class ApprovalSearch:
    """What to look for. What is ``waiting`` is what waits for the one who looks, unless he wants ``all`` of it."""

    state: str | None = None
    document: str | None = None
    document_id: str | None = None
    requested_by: str | None = None
    all: bool = False


def one_approval(connection: Connection, approval_id: str, sight: Sight) -> ShownRequest:
    """Return an approval with its whole history; refuse one that the caller may not know of."""
    found = find_shown(connection, approval_id, sight)
    if found is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    return found


def list_approvals(
    connection: Connection, wanted: ApprovalSearch, sight: Sight, *, after: Position | None, limit: int
) -> list[ShownRequest]:
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
    return shown(connection, query.order_by(approval.c.id.desc()).limit(limit), sight)


def one_flow(connection: Connection, flow_id: str) -> Flow:
    """Return one revision of a flow."""
    found = find_flow(connection, flow_id)
    if found is None:
        raise FlowNotFound(f"there is no approval flow {flow_id}")
    return found


def list_flows(
    connection: Connection, document: str | None, *, after: Position | None, limit: int
) -> list[Flow]:
    """Return up to ``limit`` revisions of flows, the latest first, those after ``after``."""
    documents = DOCUMENTS if document is None else (document,)
    query = select(approval_flow).where(approval_flow.c.document.in_(documents))
    if after is not None:
        query = query.where(approval_flow.c.id < after[0])
    rows: Any = connection.execute(query.order_by(approval_flow.c.id.desc()).limit(limit))
    return [flow_of_row(row) for row in rows]
