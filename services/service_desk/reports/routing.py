"""Looking at how tickets are routed, and at what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from services.service_desk.domain.classifier import Example
from services.service_desk.domain.dispatch import Routing
from services.service_desk.domain.errors import NotRoutedHere
from services.service_desk.domain.first_sentences import FIRST_SENTENCES
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import routings
from services.service_desk.store.routing_tables import ticket_routing


@dataclass(frozen=True)
class RoutingRow:
    """How a ticket found its queue: who decided, how sure that was, and who corrected it."""

    ticket_id: str
    kind: str
    queue: str
    decided_by: str
    rule: str | None
    policy_version: int
    model_version: int
    confidence_percent: int | None
    corrected_by: str | None
    corrected_at: datetime | None


@dataclass(frozen=True)
class ClassifierReport:
    """What was learnt last: from how many examples, and how many of those that it had not seen it told rightly."""

    version: int
    made_at: datetime | None
    labels: tuple[str, ...]
    taught: int
    judged: int
    right: int
    learnt_from: int
    tickets: int


def routing_now(connection: Connection) -> Routing:
    """Return the rules of now."""
    return routings.current_routing(connection)


def routing_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> RoutingRow:
    """Return how a ticket was routed; refuse one that the caller may not know of."""
    found = one_ticket(connection, ticket_id, only_owner=only_owner)
    row = connection.execute(
        select(ticket_routing).where(ticket_routing.c.ticket_id == ticket_id)
    ).one_or_none()
    if row is None:
        raise NotRoutedHere(f"how ticket {found.number} was routed was not written down", field="ticket_id")
    return RoutingRow(
        ticket_id=ticket_id,
        kind=found.kind,
        queue=found.queue,
        decided_by=row.decided_by,
        rule=row.rule,
        policy_version=row.policy_version,
        model_version=row.model_version,
        confidence_percent=None if row.confidence_bp is None else row.confidence_bp // 100,
        corrected_by=row.corrected_by,
        corrected_at=row.corrected_at,
    )


def classifier_report(connection: Connection) -> ClassifierReport:
    """Return what was learnt last, and how many tickets there are to learn from now."""
    learnt, count = routings.latest(connection), routings.count_taught(connection)
    if learnt is None:
        return ClassifierReport(0, None, (), 0, 0, 0, 0, count)
    model = learnt.model
    return ClassifierReport(
        version=learnt.version,
        made_at=learnt.made_at,
        labels=model.labels,
        taught=model.taught,
        judged=model.judged,
        right=model.right,
        learnt_from=learnt.learnt_from,
        tickets=count,
    )


def examples(connection: Connection) -> list[Example]:
    """Return what there is to learn from: the first sentences, then tickets, the oldest first."""
    first = [Example(text, kind) for kind, texts in FIRST_SENTENCES.items() for text in texts]
    return first + routings.taught(connection)
