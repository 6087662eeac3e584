"""Dates of documents: any day of the past, for back-posting, but not the future."""

from __future__ import annotations

from datetime import date, timedelta

from services.inventory.domain.errors import DateInFuture

_TOLERANCE = timedelta(days=1)


def document_date(given: date | None, today: date, field: str) -> date:
    """Return ``given``, else ``today`` (the company's day); refuse a day later than tomorrow."""
    if given is None:
        return today
    if given > today + _TOLERANCE:
        raise DateInFuture(
            f"{given.isoformat()} lies in the future",
            field=field,
            cure=f"give a date up to {today.isoformat()}",
        )
    return given
