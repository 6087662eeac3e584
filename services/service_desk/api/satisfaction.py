"""How content customers are, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, fields, principal
from services.service_desk.api.company import day
from services.service_desk.api.who import only_owner
from services.service_desk.domain.routing import QUEUES
from services.service_desk.domain.satisfaction import CUTS, HIGHEST, LOWEST, Answer, Question
from services.service_desk.reports.satisfaction import Csat, Period, csat, satisfaction_of
from services.service_desk.use_cases.follow import rate_for_customer

JUDGES = ("service", "sales_manager", "api_client")
NOTERS = ("sales", "sales_manager", "api_client")
"""Who may note what the customer said on the telephone: nobody who works on tickets rates himself."""
COMMENT = 2000

satisfaction = Noun("satisfaction", "/api/v1/satisfaction", description="How content customers are")
ratings = Noun("ratings", "/api/v1/tickets", description="What customers say about resolved tickets")


class RatingIn(Strict):
    """How content the customer is, from 1 to 5."""

    score = fields.CountField(least=LOWEST, most=HIGHEST, required=True)
    comment = fields.Text(max=COMMENT, multiline=True, allow_none=True)


class RatingOut(Strict):
    """A question and, once there is one, its answer."""

    ticket_id = fields.IdField()
    queue = fields.Choice(*QUEUES)
    agent_id = fields.Text(max=64)
    asked_on = fields.DateField()
    score = fields.CountField(least=LOWEST, most=HIGHEST, allow_none=True)
    comment = fields.Text(max=COMMENT, multiline=True, allow_none=True)
    answered_by = fields.Text(max=200, allow_none=True)
    answered_on = fields.DateField(allow_none=True)


class CsatFilter(Strict):
    """Which resolutions count, and what they are cut into."""

    since = fields.DateField(metadata={"description": "The first day of resolution."})
    until = fields.DateField(metadata={"description": "The last day of resolution."})
    queue = fields.Choice(*QUEUES)
    agent_id = fields.Text(max=64)
    by = fields.Choice(*CUTS, metadata={"description": "Left out: total."})


class CsatRowOut(Strict):
    """One part of the figures."""

    key = fields.Text(max=64, metadata={"description": "The month, queue or agent; or total."})
    asked = fields.CountField()
    answered = fields.CountField(metadata={"description": "The denominator of csat_percent."})
    satisfied = fields.CountField(metadata={"description": "Scores of 4 and 5: its numerator."})
    score_sum = fields.CountField()
    csat_percent = fields.PercentField(allow_none=True)
    answer_percent = fields.PercentField(allow_none=True)


class CsatOut(Strict):
    """The figures of a period."""

    since = fields.DateField(allow_none=True)
    until = fields.DateField(allow_none=True)
    rows = fields.ListOf(CsatRowOut, least=0)


@satisfaction.query("/", answer=CsatOut, roles=JUDGES, filters=CsatFilter, summary="Satisfaction in figures")
def figures(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show how many were asked, answered and satisfied, by the day of the resolution."""
    cut = filters.pop("by", "total")
    rows: list[Csat] = csat(connection, Period(**filters), cut)
    return {"since": filters.get("since"), "until": filters.get("until"), "rows": rows}


@ratings.query(
    "/<uuid:ticket_id>/satisfaction", answer=RatingOut, roles=ANY, summary="What the customer was asked"
)
def show(connection: Connection, ticket_id: str) -> Question:
    """Show the last question and its answer."""
    return satisfaction_of(connection, ticket_id, only_owner=only_owner())


@ratings.command(
    "POST",
    "/<uuid:ticket_id>/satisfaction",
    body=RatingIn,
    answer=RatingOut,
    roles=NOTERS,
    summary="Note how content the customer is",
)
def note(tx: Transaction, body: dict[str, Any], ticket_id: str) -> Question:
    """Keep what the customer said to his salesperson; a question is answered once."""
    answer = Answer(body["score"], principal().subject, day(tx.now), body.get("comment"))
    return rate_for_customer(tx, ticket_id, answer, only_owner())
