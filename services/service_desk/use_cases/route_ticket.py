"""Find the queue of a ticket, correct it, say by which rules, and keep what was learnt from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.service_desk.domain.classifier import Model
from services.service_desk.domain.dispatch import (
    Asked,
    Routing,
    Way,
    check_routing,
    dispatch,
    routing_data,
)
from services.service_desk.domain.roster import Means
from services.service_desk.domain.routing import QUEUE_OF_KIND, Kind
from services.service_desk.domain.ticket import Ticket, rerouted
from services.service_desk.events import TicketRouted
from services.service_desk.store import items, policies, routings, tickets
from services.service_desk.use_cases.assign import by_load, note_assigned
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


def find_way(tx: Transaction, asked: Asked, item_id: str | None) -> tuple[Way, int, int]:
    """Return where a ticket goes, and by which versions of the rules and of what was learnt."""
    item = None if item_id is None else items.find(tx.connection, item_id)
    routing, learnt = routings.current_routing(tx.connection), routings.latest(tx.connection)
    whole = replace(asked, category=None if item is None else item.category)
    way = dispatch(whole, routing, None if learnt is None else learnt.model)
    return way, routing.version, 0 if learnt is None else learnt.version


def correct_way(tx: Transaction, ticket_id: str, worker: Worker, kind: Kind, today: date) -> Ticket:
    """Let a ticket be of another kind, in the queue of that kind, with who has the least to do there.

    What is learnt next learns from it.
    """
    before = locked_ticket(tx, ticket_id, worker)
    after = by_load(tx, rerouted(before, kind, QUEUE_OF_KIND[kind]), today)
    routings.correct(tx, ticket_id, worker.subject)
    if after == before:
        return before
    saved = tickets.save(tx.connection, after, tx.now)
    _tell_routed(tx, before, saved, worker.subject)
    means: Means = "routed" if saved.assignee_id is None else "load"
    note_assigned(tx, before.assignee_id, saved, means, worker.subject)
    return saved


def _tell_routed(tx: Transaction, before: Ticket, saved: Ticket, by: str) -> None:
    told = TicketRouted(
        ticket_id=saved.id,
        number=saved.number,
        customer_id=saved.customer_id,
        kind=saved.kind,
        queue=saved.queue,
        previous_kind=before.kind,
        previous_queue=before.queue,
        by=by,
    )
    publish(tx, told, correlation_id=saved.correlation_id)


def define_routing(tx: Transaction, wanted: Routing, by: str, expected_version: int | None = None) -> Routing:
    """Say by which rules tickets are routed from now on."""
    check_routing(wanted)
    before = policies.lock_current(tx, routings.ROUTING)
    last = before.version if before else 0
    if expected_version not in (None, last):
        raise VersionMismatch(f"the routing is at version {last}")
    policies.add(tx, routings.ROUTING, last + 1, routing_data(wanted), by)
    return replace(wanted, version=last + 1)


def keep_classifier(tx: Transaction, version: int, learnt_from: int, model: Model) -> bool:
    """Store what was learnt as ``version``; false when somebody has stored that version meanwhile."""
    return routings.keep(tx, version, learnt_from, model)
