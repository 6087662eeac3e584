"""Looking at flows, and trying one on past quotations before it applies to any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from libs.common.approvals import (
    Approver,
    Flow,
    approvers_left,
    can_be_answered,
    check_flow,
    find_flow,
    flow_of_row,
    search_flows,
)
from libs.common.approvals.faults import FlowNotFound
from libs.common.approvals.tables import approval_flow
from services.sales.domain.approval import APPROVER_ROLES, DOCUMENT, QuotationInBrief
from services.sales.store import quotation_facts


@dataclass(frozen=True)
class FlowSearch:
    """What to look for; superseded revisions are left out unless ``superseded`` asks for them."""

    name: str | None = None
    superseded: bool = False


@dataclass(frozen=True)
class NeededBy:
    """A past quotation that would have waited, and for whom; ``stuck`` when nobody of a step is left to answer."""

    quotation: QuotationInBrief
    approvers: tuple[Approver, ...]
    stuck: bool


@dataclass(frozen=True)
class AskedHowOften:
    """How many of the quotations would have been put before a role or a person."""

    approver: Approver
    quotations: int


@dataclass(frozen=True)
class Trial:
    """What a flow would have done to the last quotations."""

    looked_at: int
    needed: int
    stuck: int
    approvers: tuple[AskedHowOften, ...]
    quotations: tuple[NeededBy, ...]


def one_flow(connection: Connection, flow_id: str) -> Flow:
    """Return one revision of a flow."""
    found = find_flow(connection, flow_id)
    if found is None or found.document != DOCUMENT:
        raise FlowNotFound(f"there is no approval flow {flow_id}")
    return found


def list_flows(
    connection: Connection, wanted: FlowSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[Flow]:
    """Return up to ``limit`` flows, the latest first, those after ``after``."""
    query = search_flows(DOCUMENT, name=wanted.name, superseded=wanted.superseded)
    if after is not None:
        query = query.where(approval_flow.c.id < after[0])
    rows = connection.execute(query.order_by(approval_flow.c.id.desc()).limit(limit))
    return [flow_of_row(row) for row in rows]


def try_flow(connection: Connection, flow: Flow, last: int) -> Trial:
    """Return what ``flow`` would have done to the ``last`` quotations; nothing is stored.

    It is tried as if it were active, also when it is not meant to be yet.
    """
    check_flow(flow.cases, flow.steps, APPROVER_ROLES)
    looked_at = quotation_facts.of_last(connection, last)
    found = [each for each in looked_at if any(case.holds(each.facts) for case in flow.cases)]
    authors = quotation_facts.authors(connection, [each.id for each in found])
    needed = tuple(_needed(flow, each, authors[each.id]) for each in found)
    counts = Counter(approver for each in needed for approver in each.approvers)
    return Trial(
        looked_at=len(looked_at),
        needed=len(needed),
        stuck=sum(each.stuck for each in needed),
        approvers=tuple(AskedHowOften(approver, count) for approver, count in counts.most_common()),
        quotations=needed,
    )


def _needed(flow: Flow, quotation: QuotationInBrief, authors: frozenset[str]) -> NeededBy:
    stuck = not all(can_be_answered(step, authors) for step in flow.steps)
    return NeededBy(quotation, tuple(dict.fromkeys(_asked(flow, authors))), stuck)


def _asked(flow: Flow, authors: frozenset[str]) -> Iterator[Approver]:
    for step in flow.steps:
        yield from approvers_left(step, authors)
