"""The funnel from lead to cash, over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from libs.common.db import Connection
from libs.common.errors import Invalid
from libs.common.web import Noun, Strict, fields
from services.crm.api.among_filter import AmongFilter, among
from services.crm.api.company import base_currency, company_zone, now
from services.crm.api.who import READERS, seen_owners
from services.crm.reports import funnel as report

funnel = Noun("funnel", "/api/v1/figures/funnel", description="From the lead to the cash")
_USUAL_DAYS = 90
_MOST_DAYS = 1100
_FULL_BP = 10_000
_LONG = 10**6


class FunnelPeriodWrong(Invalid):
    """The period of a funnel has no day, or too many."""

    code = "period_wrong"


class FunnelFilter(AmongFilter):
    """In which days something came in, both included (left out: the last ninety), and whose it is."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    campaign_id = fields.IdField(metadata={"description": "As `campaign`; of both, what is owed to both."})


class FunnelStageOut(Strict):
    """``conversion_bp`` of the stage before came here, in 1/100 percent; the step took ``median_hours``.

    ``value`` counts what is in the company's currency.
    """

    stage = fields.Choice(*report.STAGES)
    count = fields.CountField()
    value = fields.MoneyField(negative=True, allow_none=True)
    conversion_bp = fields.CountField(most=_FULL_BP, allow_none=True)
    median_hours = fields.CountField(most=_LONG, allow_none=True)


class FunnelPeriodOut(Strict):
    """Days, both included."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


class FunnelOut(Strict):
    """What came in during the period, and how far it has come by now."""

    period = fields.Nested(FunnelPeriodOut)
    currency = fields.Text(max=3)
    as_of = fields.UtcField()
    stages = fields.ListOf(FunnelStageOut)


@funnel.query(
    "/", answer=FunnelOut, roles=READERS, filters=FunnelFilter, summary="Show the funnel from lead to cash"
)
def show(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show the funnel; a salesperson's is made of what is his or his team's."""
    moment = now()
    last = filters.get("until") or moment.astimezone(company_zone()).date()
    first = filters.get("since") or last - timedelta(days=_USUAL_DAYS - 1)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise FunnelPeriodWrong(
            "the period has no day, or too many", field="from", cure=f"ask for 1 to {_MOST_DAYS} days"
        )
    came = report.Came(
        _begin(first),
        _begin(last + timedelta(days=1)),
        base_currency(),
        filters.get("campaign_id"),
        seen_owners(connection),
        among(filters),
    )
    return {
        "period": {"since": first, "until": last},
        "currency": came.currency,
        "as_of": moment,
        "stages": report.funnel(connection, came),
    }


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=company_zone()).astimezone(UTC)
