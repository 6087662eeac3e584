"""Approval flows over HTTP: who must approve which quotations, tried on past ones before it applies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from libs.common.approvals.conditions import COMPARISONS, GIVEN_AS, MOST, Case, Clause, read_clause
from libs.common.approvals.flow import LONGEST_HOURS, Approver, Flow, Step
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.approval_views import ApproverOut
from services.sales.domain.amounts import basis_points, percent
from services.sales.domain.approval import FIELDS
from services.sales.reports.approval_flows import FlowSearch, Trial, list_flows, one_flow, try_flow
from services.sales.use_cases.define_approval_flow import DefineApprovalFlow, define_approval_flow

flows = Noun("approval_flows", "/api/v1/approval-flows", description="Who must approve which quotations")
AUTHORS = ("sales_manager",)
READERS_OF_FLOWS = ("sales_manager", "finance")
MOST_TRIED = 1000
USUALLY_TRIED = 100
_COMPARISONS = tuple(dict.fromkeys(name for names in COMPARISONS.values() for name in names))


class ClauseIn(Strict):
    """A comparison; of the values just the one that suits the field is given.

    ``amount`` for total, ``percent`` for largest_discount, ``flag`` for price_overridden, ``texts`` for the others.
    """

    field = fields.Choice(*FIELDS, required=True)
    comparison = fields.Choice(*_COMPARISONS, required=True)
    amount = fields.MoneyField()
    percent = fields.PercentField()
    flag = fields.Flag()
    texts = fields.ListOf(fields.Text(max=64), most=200)


class CaseIn(Strict):
    """Comparisons that must all hold; without any it always does."""

    clauses = fields.ListOf(ClauseIn, least=0, most=MOST, required=True)


class ApproverIn(Strict):
    """A person by his id, or whoever has a role."""

    kind = fields.Choice("role", "user", required=True)
    name = fields.Text(max=64, required=True)


class FlowStepIn(Strict):
    """A question: any, all or a number of different people answer it; equal stages are asked at the same time."""

    name = fields.Text(max=120, required=True)
    stage = fields.CountField(least=1, most=MOST, load_default=1)
    approvers = fields.ListOf(ApproverIn, most=MOST, required=True)
    needs = fields.Choice("any", "all", "number", load_default="any")
    number = fields.CountField(least=1, most=MOST, metadata={"description": "With needs=number: how many."})
    escalate_after_hours = fields.CountField(least=1, most=LONGEST_HOURS, allow_none=True)
    escalate_to = fields.Text(
        max=64, allow_none=True, metadata={"description": "The role that is asked too."}
    )


class FlowIn(Strict):
    """A new flow, or the next revision of the one of this name; it applies to a quotation in any of its cases."""

    name = fields.Text(max=120, required=True)
    active = fields.Flag(load_default=True, metadata={"description": "False: it asks nobody any more."})
    cases = fields.ListOf(CaseIn, most=MOST, required=True)
    steps = fields.ListOf(FlowStepIn, most=MOST, required=True)


class TrialIn(FlowIn):
    """A flow, and on how many of the last quotations it is tried."""

    last = fields.CountField(least=1, most=MOST_TRIED, load_default=USUALLY_TRIED)


class ClauseOut(Strict):
    """A comparison; of the values just the one that suits the field is not null."""

    field = fields.Choice(*FIELDS)
    comparison = fields.Choice(*_COMPARISONS)
    amount = fields.MoneyField(allow_none=True)
    percent = fields.PercentField(allow_none=True)
    flag = fields.Flag(allow_none=True)
    texts = fields.ListOf(fields.Text(max=64), allow_none=True)


class CaseOut(Strict):
    """Comparisons that must all hold."""

    clauses = fields.ListOf(ClauseOut, least=0)


class FlowStepOut(Strict):
    """A question to its approvers."""

    name = fields.Text(max=120)
    stage = fields.CountField(least=1)
    approvers = fields.ListOf(ApproverOut)
    needs = fields.Choice("any", "all", "number")
    people_needed = fields.CountField(least=1, attribute="people")
    escalate_after_hours = fields.CountField(least=1, allow_none=True)
    escalate_to = fields.Text(max=64, allow_none=True)


class FlowOut(Strict):
    """A revision of a flow."""

    id = fields.IdField()
    name = fields.Text(max=120)
    revision = fields.CountField(least=1)
    active = fields.Flag()
    cases = fields.ListOf(CaseOut)
    steps = fields.ListOf(FlowStepOut)
    created_by = fields.Text(max=64)


class AskedHowOftenOut(Strict):
    """How many of the quotations would have been put before a role or a person."""

    kind = fields.Choice("role", "user", attribute="approver.kind")
    name = fields.Text(max=64, attribute="approver.name")
    quotations = fields.CountField(least=1)


class NeededByOut(Strict):
    """A quotation that would have waited, and for whom; ``stuck``: its authors are all who are named for a step."""

    id = fields.IdField(attribute="quotation.id")
    number = fields.Text(max=32, attribute="quotation.number")
    customer_id = fields.IdField(attribute="quotation.customer_id")
    total = fields.MoneyField(attribute="quotation.total")
    approvers = fields.ListOf(ApproverOut, least=0)
    stuck = fields.Flag()


class TrialOut(Strict):
    """What the flow would have done to the last quotations."""

    looked_at = fields.CountField()
    needed = fields.CountField()
    stuck = fields.CountField()
    approvers = fields.ListOf(AskedHowOftenOut, least=0)
    quotations = fields.ListOf(NeededByOut, least=0)


class FlowFilter(Strict):
    """What to look for."""

    name = fields.Text(max=120)
    superseded = fields.Flag(metadata={"description": "Show superseded revisions too."})


@flows.command(
    "POST",
    "/",
    body=FlowIn,
    answer=FlowOut,
    status=201,
    roles=AUTHORS,
    location="/api/v1/approval-flows/{id}",
    summary="Define an approval flow",
)
def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Define a flow; it applies to quotations that are sent from now on, and what waits keeps its own revision."""
    return _shown(define_approval_flow(tx, _command(body)))


@flows.command("POST", "/try", body=TrialIn, answer=TrialOut, roles=AUTHORS, summary="Try a flow")
def attempt(tx: Transaction, body: dict[str, Any]) -> Trial:
    """Tell which of the last quotations would have needed it, and whose approval; nothing is changed."""
    last = body.pop("last")
    return try_flow(tx.connection, _command(body).flow, last)


@flows.query(
    "/",
    answer=FlowOut,
    roles=READERS_OF_FLOWS,
    filters=FlowFilter,
    paged=True,
    summary="Find approval flows",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List flows, the latest first."""
    rows = list_flows(connection, FlowSearch(**filters), after=page.after, limit=page.limit + 1)
    return Page.of([_shown(flow) for flow in rows], page, key=lambda row: (row["id"],))


@flows.query("/<uuid:flow_id>", answer=FlowOut, roles=READERS_OF_FLOWS, summary="Look at an approval flow")
def show(connection: Connection, flow_id: str) -> dict[str, Any]:
    """Show one revision of a flow."""
    return _shown(one_flow(connection, flow_id))


def _command(body: dict[str, Any]) -> DefineApprovalFlow:
    cases = tuple(_case(place, case) for place, case in enumerate(body.pop("cases")))
    steps = tuple(_step(step) for step in body.pop("steps"))
    return DefineApprovalFlow(**body, cases=cases, steps=steps, by=principal().subject)


def _case(place: int, body: dict[str, Any]) -> Case:
    return Case(
        tuple(_clause(f"cases.{place}.clauses.{n}", clause) for n, clause in enumerate(body["clauses"]))
    )


def _clause(where: str, body: dict[str, Any]) -> Clause:
    if "percent" in body:
        body["percent"] = basis_points(body["percent"])
    return read_clause(where, body.pop("field"), body.pop("comparison"), body, FIELDS)


def _step(body: dict[str, Any]) -> Step:
    hours = body.pop("escalate_after_hours", None)
    approvers = tuple(Approver(**each) for each in body.pop("approvers"))
    after = None if hours is None else timedelta(hours=hours)
    return Step(**body, approvers=approvers, escalate_after=after)


def _shown(flow: Flow) -> dict[str, Any]:
    cases = [{"clauses": [_shown_clause(clause) for clause in case.clauses]} for case in flow.cases]
    return {**vars(flow), "cases": cases, "steps": [_shown_step(step) for step in flow.steps]}


def _shown_clause(clause: Clause) -> dict[str, Any]:
    kind = FIELDS[clause.field]
    values: dict[str, Any] = dict.fromkeys(GIVEN_AS.values())
    values[GIVEN_AS[kind]] = percent(clause.value) if kind == "percent" else clause.value  # type: ignore[arg-type]
    return {"field": clause.field, "comparison": clause.comparison, **values}


def _shown_step(step: Step) -> dict[str, Any]:
    after = step.escalate_after
    hours = None if after is None else int(after / timedelta(hours=1))
    return {**vars(step), "people": step.people, "escalate_after_hours": hours}
