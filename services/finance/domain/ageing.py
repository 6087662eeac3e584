"""How old is what is owed: open amounts by days past due, on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Bucket:
    """Open amounts that are ``least`` to ``most`` days past due; ``None`` is without end."""

    name: str
    least: int | None
    most: int | None

    def holds(self, days_past_due: int) -> bool:
        """Tell whether an amount that is so many days past due belongs here; not due yet is 0 or less."""
        return (self.least is None or days_past_due >= self.least) and (
            self.most is None or days_past_due <= self.most
        )

    def due_days(self, as_of: date) -> tuple[date | None, date | None]:
        """Return the first and the last due day that belong here on the day ``as_of``; ``None`` is without end."""
        first = None if self.most is None else as_of - timedelta(days=self.most)
        return first, None if self.least is None else as_of - timedelta(days=self.least)


BUCKETS = (
    Bucket("not_due", None, 0),
    Bucket("days_1_30", 1, 30),
    Bucket("days_31_60", 31, 60),
    Bucket("days_61_90", 61, 90),
    Bucket("days_91_120", 91, 120),
    Bucket("over_120_days", 121, None),
)
"""Each day past due belongs to exactly one; what is due on the day itself is not past due."""


def bucket_of(due_on: date, as_of: date) -> Bucket:
    """Return where an amount that falls due on ``due_on`` belongs on the day ``as_of``."""
    days = (as_of - due_on).days
    return next(bucket for bucket in BUCKETS if bucket.holds(days))
