"""Approval flows over HTTP: who must approve which documents, tried on past ones before it applies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from libs.common.approvals import DocumentKind, FlowSearch, define_checked, list_flows, one_flow, try_flow
from libs.common.approvals.conditions import GIVEN_AS, Case, Clause, Fields, kind_of, read_clause
from libs.common.approvals.faults import FlowInvalid
from libs.common.approvals.flow import Approver, Flow, Step
from libs.common.approvals.trying import Trial
from libs.common.approvals_api.flow_schemas import FlowSchemas, flow_schemas
from libs.common.approvals_api.mount import PEOPLE_ROLES, Mount
from libs.common.approvals_api.trial_schemas import trial_schema
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, principal


def flows_noun(mount: Mount) -> Noun:
    """Return the routes of flows."""
    flows = Noun(
        mount.name("approval_flows"),
        mount.path("approval-flows"),
        description=f"Who must approve which {mount.about[0].lower()}{mount.about[1:]}",
    )
    schemas = flow_schemas(mount)
    _acts(flows, mount, schemas)
    _looks(flows, mount, schemas)
    return flows


def _acts(flows: Noun, mount: Mount, schemas: FlowSchemas) -> None:
    @flows.command(
        "POST",
        "/",
        body=schemas.wanted,
        answer=schemas.shown,
        status=201,
        roles=mount.roles.authors,
        location=f"{mount.path('approval-flows')}/{{id}}",
        summary="Define an approval flow",
    )
    def define(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
        """Define a flow; it applies to what is asked from now on, and what waits keeps its own revision."""
        flow = _flow(tx.connection, mount, body)
        return _shown(define_checked(tx, flow, mount.kind(flow.document), PEOPLE_ROLES))

    @flows.command(
        "POST",
        "/try",
        body=schemas.tried,
        answer=trial_schema(mount),
        roles=mount.roles.authors,
        summary="Try a flow",
    )
    def attempt(tx: Transaction, body: dict[str, Any]) -> Trial:
        """Tell which of the last documents would have needed it, and whose approval; nothing is changed."""
        last = body.pop("last")
        flow = _flow(tx.connection, mount, body)
        return try_flow(tx.connection, flow, mount.kind(flow.document), PEOPLE_ROLES, last)


def _looks(flows: Noun, mount: Mount, schemas: FlowSchemas) -> None:
    @flows.query(
        "/",
        answer=schemas.shown,
        roles=mount.roles.readers_of_flows,
        filters=schemas.filters,
        paged=True,
        summary="Find approval flows",
    )
    def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
        """List flows, the latest first."""
        given = dict(filters)
        document = given.pop("document", None)
        documents = mount.documents if document is None else (document,)
        wanted = FlowSearch(documents, **{"superseded": mount.lists_superseded} | given)
        rows = list_flows(connection, wanted, after=page.after, limit=page.limit + 1)
        return Page.of([_shown(flow) for flow in rows], page, key=lambda row: (row["id"],))

    @flows.query(
        "/<uuid:flow_id>",
        answer=schemas.shown,
        roles=mount.roles.readers_of_flows,
        summary="Look at an approval flow",
    )
    def show(connection: Connection, flow_id: str) -> dict[str, Any]:
        """Show one revision of a flow."""
        return _shown(one_flow(connection, flow_id, mount.documents))


@dataclass(frozen=True)
class _Known:
    """What a flow can ask documents of a kind for now, and what those that say one of a few words can say."""

    fields: Fields
    choices: Mapping[str, Collection[str]]


def _known(connection: Connection, kind: DocumentKind) -> _Known:
    own = [each for each in kind.own(connection) if not each.retired]
    fields = {**kind.fields, **{each.name: each.kind for each in own}}
    return _Known(fields, {each.name: tuple(each.options) for each in own if each.options})


def _flow(connection: Connection, mount: Mount, body: dict[str, Any]) -> Flow:
    """Return the flow that a caller wrote, without its place among the revisions."""
    kind = mount.kind(body.get("document"))
    known = _known(connection, kind)
    return Flow(
        id="",
        document=kind.name,
        name=body["name"],
        revision=0,
        cases=tuple(_case(f"cases.{n}", case, known) for n, case in enumerate(body["cases"])),
        steps=tuple(_step(f"steps.{n}", step) for n, step in enumerate(body["steps"])),
        active=body["active"],
        created_by=principal().subject,
    )


def _case(where: str, body: dict[str, Any], known: _Known) -> Case:
    return Case(
        tuple(_clause(f"{where}.clauses.{n}", clause, known) for n, clause in enumerate(body["clauses"]))
    )


def _clause(where: str, body: dict[str, Any], known: _Known) -> Clause:
    given = dict(body)
    field, comparison = given.pop("field"), given.pop("comparison")
    if "percent" in given:
        given["percent"] = int(given["percent"] * 100)
    return read_clause(where, field, comparison, given, known.fields, known.choices)


def _step(where: str, body: dict[str, Any]) -> Step:
    given = dict(body)
    hours = given.pop("escalate_after_hours", None)
    approvers = tuple(
        _approver(f"{where}.approvers.{n}", each) for n, each in enumerate(given.pop("approvers"))
    )
    after = None if hours is None else timedelta(hours=hours)
    return Step(**given, approvers=approvers, escalate_after=after)


def _approver(where: str, given: dict[str, Any]) -> Approver:
    kind, strange = given["kind"], "name" if given["kind"] == "superior" else "level"
    if strange in given:
        right = "level" if strange == "name" else "name"
        raise FlowInvalid(
            f"a {kind} has no {strange}", field=f"{where}.{strange}", cure=f"Give {right} instead."
        )
    if kind == "superior":
        return Approver("superior", str(given.get("level", 1)))
    if "name" not in given:
        raise FlowInvalid(f"which {kind}?", field=f"{where}.name", cure="Give the name.")
    return Approver(kind, given["name"])


def _shown(flow: Flow) -> dict[str, Any]:
    cases = [{"clauses": [_shown_clause(clause) for clause in case.clauses]} for case in flow.cases]
    return {**vars(flow), "cases": cases, "steps": [_shown_step(step) for step in flow.steps]}


def _shown_clause(clause: Clause) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(GIVEN_AS.values())
    kind = kind_of(clause.value)
    values[GIVEN_AS[kind]] = Decimal(f"{clause.value}E-2") if kind == "percent" else clause.value
    return {"field": clause.field, "comparison": clause.comparison, **values}


def _shown_step(step: Step) -> dict[str, Any]:
    after = step.escalate_after
    hours = None if after is None else int(after / timedelta(hours=1))
    return {**vars(step), "people": step.people, "escalate_after_hours": hours}
