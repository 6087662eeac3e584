"""The health of the process over HTTP: where orders stand and wait, down to the orders by ``GET /orders?hold=``.

Both take the same filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.sales.api.company import company_clock
from services.sales.api.who import READERS, only_owner
from services.sales.api.whose_filter import WhoseFilter, whose
from services.sales.reports import process_health as report
from services.sales.reports.process_health import ProcessHealth

process = Noun("process-health", "/api/v1/figures/process-health", description="Where orders wait")
_LONG = 10**9


class StandingOut(Strict):
    """Open orders whose next step this is; ``held`` of them wait with a reason."""

    stage = fields.Choice(*report.STAGES)
    orders = fields.CountField()
    held = fields.CountField()
    oldest_since = fields.UtcField(allow_none=True)
    oldest_hours = fields.CountField(most=_LONG, allow_none=True)


class HeldOut(Strict):
    """Orders that wait for ``code``, whose task that is and for how long; ``overdue`` are past their deadline."""

    code = fields.Text(max=16)
    owner = fields.Text(max=32)
    orders = fields.CountField()
    overdue = fields.CountField()
    oldest_since = fields.UtcField()
    oldest_hours = fields.CountField(most=_LONG)
    median_hours = fields.CountField(most=_LONG)


class ProcessHealthOut(Strict):
    """Where open orders stand, and what they wait for, as of now."""

    as_of = fields.UtcField()
    stages = fields.ListOf(StandingOut)
    holds = fields.ListOf(HeldOut, least=0)


@dataclass(frozen=True)
class _Now(ProcessHealth):
    as_of: datetime


@process.query(
    "/",
    answer=ProcessHealthOut,
    roles=(*READERS, "warehouse"),
    filters=WhoseFilter,
    summary="Show where orders wait",
)
def show(connection: Connection, filters: dict[str, Any]) -> _Now:
    """Show where the orders are that the caller may know of."""
    now = company_clock().now()
    found = report.process_health(connection, now, only_owner=only_owner(), whose=whose(filters))
    return _Now(found.stages, found.holds, now)
