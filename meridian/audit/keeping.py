"""Keeping what an audit found with the gateway, whose console shows it to administrators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from gateway.audits.runs import keep_run
from libs.common.db import Database
from meridian.audit.report import Report


def keep(gateway: Database, report: Report, began_at: datetime) -> None:
    """Keep the report of an audit that has just ended, in the gateway's database."""
    findings = [asdict(finding) | {"ids": list(finding.ids)} for finding in report.findings]
    gateway.transact(lambda tx: keep_run(tx, began_at=began_at, events=report.events, findings=findings))
