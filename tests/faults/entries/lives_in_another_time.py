"""A worker whose clock is ahead or behind, and may be set back while it runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from libs.common.clock import SystemClock
from tests.faults.entries.common import is_on, run_worker, setting

AHEAD = timedelta(seconds=float(setting("ahead", "0")))
BACK = timedelta(seconds=float(setting("back", "0")))


def _now(_clock: SystemClock) -> datetime:
    back = BACK if setting("switch") and is_on(setting("switch")) else timedelta(0)
    return datetime.now(UTC) + AHEAD - back


if __name__ == "__main__":
    SystemClock.now = _now  # type: ignore[assignment, method-assign]
    run_worker()
