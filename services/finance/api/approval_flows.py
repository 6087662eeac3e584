"""Approval flows of finance over HTTP: who must say yes to which of its documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from libs.common.approvals.conditions import COMPARISONS, GIVEN_AS, MOST, Case, Clause, read_clause
from libs.common.approvals.flow import LONGEST_HOURS, Approver, Flow, Step
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.finance.api.approvals import ApproverOut
from services.finance.api.who import CREDIT_DECIDERS
from services.finance.domain.approving import DOCUMENTS, FIELDS
from services.finance.reports.approvals import list_flows, one_flow
from services.finance.use_cases.define_approval_flow import DefineApprovalFlow, define_approval_flow

flows = Noun(
    "finance_approval_flows",
    "/api/v1/finance-approval-flows",
    description="Who must approve which documents of finance",
)
READERS_OF_FLOWS = ("sales_manager", "finance")
_COMPARISONS = tuple(dict.fromkeys(name for names in COMPARISONS.values() for name in names))


class ClauseIn(Strict):
    """A comparison; of the values just the one that suits the field: ``amount`` for amount, ``texts`` for others."""

    field = fields.Choice(*FIELDS, required=True)
    comparison = fields.Choice(*_COMPARISONS, required=True)
    amount = fields.MoneyField()
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
    """A new flow, or the next revision of the one of this name; it applies to a document in any of its cases."""

    document = fields.Choice(*DOCUMENTS, required=True)
    name = fields.Text(max=120, required=True)
    active = fields.Flag(load_default=True, metadata={"description": "False: it asks nobody any more."})
    cases = fields.ListOf(CaseIn, most=MOST, required=True)
    steps = fields.ListOf(FlowStepIn, most=MOST, required=True)


class ClauseOut(Strict):
    """A comparison; of the values just the one that suits the field is not null."""

    field = fields.Choice(*FIELDS)
    comparison = fields.Choice(*_COMPARISONS)
    amount = fields.MoneyField(allow_none=True)
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
    document = fields.Choice(*DOCUMENTS)
    name = fields.Text(max=120)
    revision = fields.CountField(least=1)
    active = fields.Flag()
    cases = fields.ListOf(CaseOut)
    steps = fields.ListOf(FlowStepOut)
    created_by = fields.Text(max=64)


class FlowFilter(Strict):
    """What to look for."""

    document = fields.Choice(*DOCUMENTS)


@flows.command(
    "POST",
    "/",
    body=FlowIn,
    answer=FlowOut,
    status=201,
    roles=CREDIT_DECIDERS,
    location="/api/v1/finance-approval-flows/{id}",
    summary="Define an approval flow of finance",
)
def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Define a flow; where none applies, any second person of finance is asked."""
    cases = tuple(_case(place, case) for place, case in enumerate(body.pop("cases")))
    steps = tuple(_step(step) for step in body.pop("steps"))
    command = DefineApprovalFlow(**body, cases=cases, steps=steps, by=principal().subject)
    return _shown(define_approval_flow(tx, command))


@flows.query(
    "/",
    answer=FlowOut,
    roles=READERS_OF_FLOWS,
    filters=FlowFilter,
    paged=True,
    summary="Find approval flows of finance",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List all revisions of the flows, the latest first."""
    rows = list_flows(connection, filters.get("document"), after=page.after, limit=page.limit + 1)
    return Page.of([_shown(flow) for flow in rows], page, key=lambda row: (row["id"],))


@flows.query(
    "/<uuid:flow_id>", answer=FlowOut, roles=READERS_OF_FLOWS, summary="Look at an approval flow of finance"
)
def show(connection: Connection, flow_id: str) -> dict[str, Any]:
    """Show one revision of a flow."""
    return _shown(one_flow(connection, flow_id))


def _case(place: int, body: dict[str, Any]) -> Case:
    return Case(
        tuple(_clause(f"cases.{place}.clauses.{n}", clause) for n, clause in enumerate(body["clauses"]))
    )


def _clause(where: str, body: dict[str, Any]) -> Clause:
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
    values: dict[str, Any] = {"amount": None, "texts": None, GIVEN_AS[FIELDS[clause.field]]: clause.value}
    return {"field": clause.field, "comparison": clause.comparison, **values}


def _shown_step(step: Step) -> dict[str, Any]:
    after = step.escalate_after
    hours = None if after is None else int(after / timedelta(hours=1))
    return {**vars(step), "people": step.people, "escalate_after_hours": hours}
