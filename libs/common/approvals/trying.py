"""Looking at flows, and trying one on past documents before it applies to any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from libs.common.approvals.approval import approvers_left
from libs.common.approvals.conditions import any_holds
from libs.common.approvals.faults import FlowInvalid, FlowNotFound
from libs.common.approvals.flow import Approver, Flow, check_flow
from libs.common.approvals.flows import define, find, of_row, search
from libs.common.approvals.kinds import DocumentKind, PastDocument
from libs.common.approvals.quorum import can_be_answered
from libs.common.approvals.tables import approval_flow
from libs.common.db import Transaction


@dataclass(frozen=True)
class FlowSearch:
    """What to look for; superseded revisions are left out unless ``superseded`` asks for them."""

    documents: Collection[str]
    name: str | None = None
    superseded: bool = False


@dataclass(frozen=True)
class NeededBy:
    """A past document that would have waited, and for whom; ``stuck`` when nobody of a step is left to answer."""

    document: PastDocument
    approvers: tuple[Approver, ...]
    stuck: bool


@dataclass(frozen=True)
class AskedHowOften:
    """How many of the documents would have been put before a role, a person or a superior."""

    approver: Approver
    documents: int


@dataclass(frozen=True)
class NotSaid:
    """How many of the documents do not say what a clause asks for: that clause did not hold of them."""

    field: str
    documents: int


@dataclass(frozen=True)
class Trial:
    """What a flow would have done to the last documents of its kind."""

    looked_at: int
    needed: int
    stuck: int
    approvers: tuple[AskedHowOften, ...]
    documents: tuple[NeededBy, ...]
    not_said: tuple[NotSaid, ...] = ()


def define_checked(tx: Transaction, flow: Flow, kind: DocumentKind, roles: Collection[str]) -> Flow:
    """Store the next revision of a flow; it applies to what is asked from now on, what waits keeps its own."""
    _require_free(flow, kind)
    check_flow(flow.cases, flow.steps, roles)
    return define(tx, flow)


def _require_free(flow: Flow, kind: DocumentKind) -> None:
    if flow.name in kind.reserved:
        raise FlowInvalid(
            f"the flow {flow.name} is set elsewhere", field="name", cure=kind.reserved[flow.name]
        )


def one_flow(connection: Connection, flow_id: str, documents: Collection[str]) -> Flow:
    """Return one revision of a flow for documents of these kinds."""
    found = find(connection, flow_id)
    if found is None or found.document not in documents:
        raise FlowNotFound(f"there is no approval flow {flow_id}")
    return found


def list_flows(
    connection: Connection, wanted: FlowSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[Flow]:
    """Return up to ``limit`` flows, the latest first, those after ``after``."""
    query = search(wanted.documents, name=wanted.name, superseded=wanted.superseded)
    if after is not None:
        query = query.where(approval_flow.c.id < after[0])
    rows = connection.execute(query.order_by(approval_flow.c.id.desc()).limit(limit))
    return [of_row(row) for row in rows]


def try_flow(
    connection: Connection, flow: Flow, kind: DocumentKind, roles: Collection[str], last: int
) -> Trial:
    """Return what ``flow`` would have done to the ``last`` documents; nothing is stored.

    It is tried as if it were active, also when it is not meant to be yet. Who would have been above whom, nobody knows
    any more: a superior is counted by his level.
    """
    check_flow(flow.cases, flow.steps, roles)
    looked_at = kind.last(connection, last)
    needed = tuple(_needed(flow, each) for each in looked_at if any_holds(flow.cases, each.facts))
    counts = Counter(approver for each in needed for approver in each.approvers)
    return Trial(
        looked_at=len(looked_at),
        needed=len(needed),
        stuck=sum(each.stuck for each in needed),
        approvers=tuple(AskedHowOften(approver, count) for approver, count in counts.most_common()),
        documents=needed,
        not_said=tuple(_not_said(flow, looked_at)),
    )


def _not_said(flow: Flow, documents: Sequence[PastDocument]) -> Iterator[NotSaid]:
    asked = dict.fromkeys(clause.field for case in flow.cases for clause in case.clauses)
    for name in asked:
        silent = sum(each.facts.get(name) in (None, ()) for each in documents)
        if silent:
            yield NotSaid(name, silent)


def _needed(flow: Flow, document: PastDocument) -> NeededBy:
    stuck = not all(can_be_answered(step, document.authors) for step in flow.steps)
    return NeededBy(document, tuple(dict.fromkeys(_asked(flow, document.authors))), stuck)


def _asked(flow: Flow, authors: frozenset[str]) -> Iterator[Approver]:
    for step in flow.steps:
        yield from approvers_left(step, authors)
