"""The days that a statement or an account's sheet is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid

MOST_LINES = 2000
"""Nobody reads more of them at once, and a page has an end."""


class PeriodInvalid(Invalid):
    """The period ends before it begins, or has too many lines for one page."""

    code = "period_invalid"


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise PeriodInvalid(
                f"{self.first.isoformat()} is after {self.last.isoformat()}",
                field="first",
                cure="give the first day, then the last",
            )

    def require_readable(self, lines: int) -> None:
        """Refuse a period with more than ``MOST_LINES`` lines; of more, one more than that is enough to know."""
        if lines > MOST_LINES:
            raise PeriodInvalid(
                f"there are more than {MOST_LINES} lines in this period",
                field="first",
                cure="ask for a shorter one",
            )
