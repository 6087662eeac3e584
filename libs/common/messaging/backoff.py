"""How long to wait before trying again, so that a thousand waiting processes do not all come back at once."""

from __future__ import annotations

import random

# A source of our own: whoever seeds the shared one, or watches it, is not disturbed by a thread that draws a lot.
_LOTS = random.Random()  # nosec B311 # noqa: S311 - spreading load is no secret
FIRST_S = 0.5
LONGEST_S = 15.0


def backoff(failures: int) -> float:
    """Return how many seconds to wait after failure number ``failures`` in a row: doubling, with jitter."""
    longest = min(FIRST_S * 2 ** min(failures - 1, 10), LONGEST_S)
    return float(longest * _LOTS.uniform(0.5, 1.0))
