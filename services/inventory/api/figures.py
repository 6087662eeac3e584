"""Figures of the warehouse: how fast an order becomes a delivery note."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.web import Noun, Strict, fields
from services.inventory.api.periods import MOST_DAYS, days_asked_for, each_day, period
from services.inventory.reports.order_to_note import GOAL_MS, SLOWEST, OrderToNote, order_to_note

_MAY_SEE = ("warehouse", "sales_manager")
_LONG = 10**15
_FULL_BP = 10_000
_WEEK = 7

figures = Noun("figures", "/api/v1/figures", description="Figures of the warehouse")


class PeriodFilter(Strict):
    """Which days, both included; left out: the last seven."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    warehouse_id = fields.IdField()


class TookOut(Strict):
    """How long notes took: ``share_bp`` = ``within_goal`` of ``count``, in hundredths of a percent."""

    count = fields.CountField()
    within_goal = fields.CountField()
    share_bp = fields.CountField(most=_FULL_BP, allow_none=True)
    p50_ms = fields.CountField(most=_LONG, allow_none=True)
    p95_ms = fields.CountField(most=_LONG, allow_none=True)


class DayTookOut(TookOut):
    """How long the notes of a day took."""

    day = fields.DateField()


class WaitedOut(Strict):
    """For what a note waited: ``stock``, ``release`` (credit or another hold) or ``note`` (its making)."""

    for_what = fields.Choice("stock", "release", "note")
    ms = fields.CountField(least=1, most=_LONG)


class SlowNoteOut(Strict):
    """A note that took long."""

    delivery_id = fields.IdField()
    number = fields.Text(max=32)
    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    warehouse_code = fields.Text(max=32)
    ordered_at = fields.UtcField()
    made_at = fields.UtcField()
    took_ms = fields.CountField(most=_LONG)
    waited = fields.ListOf(WaitedOut, least=0, most=3)


class OrderToNoteOut(Strict):
    """From the order to its first delivery notes, of the days ``from`` to ``to``; by the day of the note."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    goal_ms = fields.CountField(most=GOAL_MS)
    total = fields.Nested(TookOut)
    days = fields.ListOf(DayTookOut, most=MOST_DAYS)
    slowest = fields.ListOf(SlowNoteOut, least=0, most=SLOWEST)


@figures.query(
    "/order-to-delivery-note",
    answer=OrderToNoteOut,
    roles=_MAY_SEE,
    filters=PeriodFilter,
    summary="Show how long orders wait for their delivery note",
)
def order_to_delivery_note(connection: Any, filters: dict[str, Any]) -> dict[str, Any]:
    """Show count, median, 95th percentile and the share within ten seconds, by day, with the slowest."""
    first, last = days_asked_for(filters, usual=_WEEK)
    found = order_to_note(connection, period(first, last), each_day(first, last), filters.get("warehouse_id"))
    return _shown(first, last, found)


def _shown(first: date, last: date, found: OrderToNote) -> dict[str, Any]:
    return {"since": first, "until": last, "goal_ms": GOAL_MS, **vars(found)}
