"""How tickets find their queue, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, expected_version, fields, principal
from services.service_desk.api.company import day
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.dispatch import DECIDERS, MOST_RULES, Routing, rule_from
from services.service_desk.domain.routing import KINDS, QUEUES
from services.service_desk.reports.routing import (
    ClassifierReport,
    RoutingRow,
    classifier_report,
    routing_now,
    routing_of,
)
from services.service_desk.use_cases.route_ticket import correct_way, define_routing

routing = Noun("routing", "/api/v1", description="How tickets find their queue")


class RoutingRuleShape(Strict):
    """Tickets of these kinds, words, categories and customers (none named: all) are of this kind, or go there."""

    name = fields.Text(max=80, required=True)
    kinds = fields.ListOf(fields.Choice(*KINDS), least=0, most=len(KINDS))
    words = fields.ListOf(fields.Text(max=80), least=0, most=100)
    categories = fields.ListOf(fields.Text(max=100), least=0, most=100)
    groups = fields.ListOf(fields.Text(max=64), least=0, most=100)
    customer_ids = fields.ListOf(fields.IdField(), least=0, most=1000)
    kind = fields.Choice(*KINDS, allow_none=True)
    queue = fields.Choice(*QUEUES, allow_none=True)


class RoutingIn(Strict):
    """The rules, of which the first that fits counts, and how sure what was learnt must be."""

    rules = fields.ListOf(RoutingRuleShape, least=0, most=MOST_RULES, required=True)
    threshold_percent = fields.CountField(least=1, most=100, required=True)


class RoutingOut(RoutingIn):
    """How tickets are routed; version 0 comes with the product and has no rules."""

    version = fields.CountField()


class KindIn(Strict):
    """What the ticket is about."""

    kind = fields.Choice(*KINDS, required=True)


class TicketRoutingOut(Strict):
    """How a ticket found its queue; ``nobody`` decided where no rule fitted and what was learnt was not sure."""

    ticket_id = fields.IdField()
    kind = fields.Choice(*KINDS)
    queue = fields.Choice(*QUEUES)
    decided_by = fields.Choice(*DECIDERS)
    rule = fields.Text(max=80, allow_none=True)
    policy_version = fields.CountField()
    model_version = fields.CountField()
    confidence_percent = fields.CountField(most=100, allow_none=True)
    corrected_by = fields.Text(max=64, allow_none=True)
    corrected_at = fields.UtcField(allow_none=True)


class ClassifierOut(Strict):
    """What was learnt last; of ``judged`` examples that it had not seen it told ``right`` rightly."""

    version = fields.CountField()
    made_at = fields.UtcField(allow_none=True)
    labels = fields.ListOf(fields.Choice(*KINDS), least=0)
    taught = fields.CountField()
    judged = fields.CountField()
    right = fields.CountField()
    learnt_from = fields.CountField()
    tickets = fields.CountField(metadata={"description": "So many there are to learn from now."})


@routing.query("/ticket-routing", answer=RoutingOut, roles=ANY, summary="How tickets are routed")
def show_rules(connection: Connection) -> Routing:
    """Show the rules."""
    return routing_now(connection)


@routing.command(
    "PUT",
    "/ticket-routing",
    body=RoutingIn,
    answer=RoutingOut,
    roles=("sales_manager",),
    summary="Say how tickets are routed",
)
def put_rules(tx: Transaction, body: dict[str, Any]) -> Routing:
    """Set the rules for tickets to come."""
    wanted = Routing(tuple(rule_from(each) for each in body["rules"]), body["threshold_percent"])
    return define_routing(tx, wanted, principal().subject, expected_version())


@routing.query("/ticket-classifier", answer=ClassifierOut, roles=ANY, summary="What was learnt of tickets")
def show_classifier(connection: Connection) -> ClassifierReport:
    """Show what was learnt last, and how well it tells what tickets are about."""
    return classifier_report(connection)


@routing.query(
    "/tickets/<uuid:ticket_id>/routing",
    answer=TicketRoutingOut,
    roles=ANY,
    summary="How a ticket was routed",
)
def show(connection: Connection, ticket_id: str) -> RoutingRow:
    """Show how a ticket found its queue."""
    return routing_of(connection, ticket_id, only_owner=only_owner())


@routing.command(
    "POST",
    "/tickets/<uuid:ticket_id>/route",
    body=KindIn,
    answer=TicketRoutingOut,
    roles=WORKERS,
    summary="Say what a ticket is about",
)
def correct(tx: Transaction, body: dict[str, Any], ticket_id: str) -> RoutingRow:
    """Move a ticket to the queue of another kind; what is learnt next learns from it."""
    correct_way(tx, ticket_id, worker(), body["kind"], day(tx.now))
    return routing_of(tx.connection, ticket_id, only_owner=None)
