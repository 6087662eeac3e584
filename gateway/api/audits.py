"""What the audits found, for administrators."""

from __future__ import annotations

from gateway.audits.runs import AuditRun, list_runs, one_run
from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields

audits = Noun("audit-runs", "/api/v1/audit-runs", description="What `meridian audit` found")
_ADMINS = ("admin",)


class AuditRunOut(Strict):
    """One run of all checks over all services."""

    id = fields.IdField()
    began_at = fields.UtcField()
    ended_at = fields.UtcField()
    checks = fields.CountField()
    events = fields.CountField(most=2**63 - 1, metadata={"description": "How many events there were."})
    violations = fields.CountField(metadata={"description": "How many offenders there are in all."})


class FindingOut(Strict):
    """One check: what it says is true of all but the ``violations``, of which ``ids`` names the first."""

    invariant = fields.Text(max=8)
    check = fields.Text(max=120)
    says = fields.Text(max=1000)
    store = fields.Text(max=32)
    violations = fields.CountField()
    ids = fields.ListOf(fields.Text(max=200), least=0)


class AuditRunWhole(AuditRunOut):
    """One run with every check."""

    findings = fields.ListOf(fields.Nested(FindingOut), least=0)


@audits.query("/", answer=AuditRunOut, roles=_ADMINS, paged=True, summary="Audits, the latest first")
def index(connection: Connection, page: PageRequest) -> Page:
    """List the audits that are kept."""
    before = str(page.after[0]) if page.after else None
    found = list_runs(connection, before=before, limit=page.limit + 1)
    return Page.of(found, page, key=lambda run: (run.id,))


@audits.query("/<uuid:run_id>", answer=AuditRunWhole, roles=_ADMINS, summary="One audit with its checks")
def show(connection: Connection, run_id: str) -> AuditRun:
    """Show what an audit found."""
    return one_run(connection, run_id)
