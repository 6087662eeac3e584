"""Which steps an order goes through, and from which day on it may take stock: as the process of its type says."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.sales.domain.order_type import LATER, Process


def steps_of(process: Process) -> tuple[str, ...]:
    """Return the steps that an order of this process goes through, in their order; names are those of the saga."""
    taken = (
        ("reserve_stock", process.reserve == "at_order"),
        ("hold_credit", process.credit_check),
        ("ask_advance", process.payment == "advance"),
        ("reserve_later", process.reserve in LATER),
        *((name, True) for name in ("confirm_order", "deliver", "invoice", "collect")),
    )
    return tuple(name for name, applies in taken if applies)


def reserved_from(process: Process, promised_on: date | None, zone: ZoneInfo) -> datetime | None:
    """Return from when on stock may be taken, where that is told by the day that was promised; else nothing."""
    day = reserved_on(process, promised_on)
    return None if day == date.min else datetime.combine(day, time.min, tzinfo=zone)


def reserved_on(process: Process, promised_on: date | None) -> date:
    """Return the first day on which stock may be taken; the first of all days where none is told by the promise."""
    if process.reserve != "before_delivery" or promised_on is None:
        return date.min
    return promised_on - timedelta(days=process.reserve_days)
