"""``Prefer: wait=N``: after the commit, give what others do in answer some seconds to happen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from flask import Request

from libs.common.clock import pause

MAX_SECONDS = 30
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})\"?(?=$|[,;\s])", re.IGNORECASE | re.ASCII)
# Others take some tens of milliseconds at least: asking sooner only costs them time.
_FIRST_PAUSE_S = 0.03
_LONGEST_PAUSE_S = 0.25


def wait_for(predicate: Callable[[], bool], seconds: float) -> bool:
    """Poll ``predicate`` until it holds or ``seconds`` (at most 30) are over; tell whether it held."""
    deadline = time.monotonic() + min(seconds, MAX_SECONDS)
    step = _FIRST_PAUSE_S
    while not predicate():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        pause(min(step, left))
        step = min(step * 1.5, _LONGEST_PAUSE_S)
    return True


def preferred_wait(request: Request) -> int:
    """Return the seconds that the caller would wait (``Prefer: wait=N``), 0 to 30."""
    found = _WAIT.search(",".join(request.headers.getlist("Prefer")))
    return min(int(found[1]), MAX_SECONDS) if found else 0
