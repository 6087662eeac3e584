"""The company's terms of business: its currency, its calendar, how long a quotation and a hold may last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.sales.domain.errors import DateInFuture

_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What applies where a document says nothing else.

    ``currency`` is the company's own. Days are counted in ``zone``. A quotation is valid for ``validity_days``
    after its issue. A hold that is still open after ``hold_days`` is escalated, and again after as many.
    """

    currency: str
    zone: ZoneInfo
    validity_days: int = 30
    hold_days: int = 14

    def today(self, now: datetime) -> date:
        """Return the company's day at the moment ``now``."""
        return now.astimezone(self.zone).date()

    def document_date(self, given: date | None, now: datetime, field: str) -> date:
        """Return ``given``, else today; any day of the past is allowed, but none later than tomorrow."""
        today = self.today(now)
        if given is None:
            return today
        if given > today + _TOLERANCE:
            raise DateInFuture(
                f"{given.isoformat()} lies in the future",
                field=field,
                cure=f"Give {today.isoformat()} or an earlier day.",
            )
        return given
