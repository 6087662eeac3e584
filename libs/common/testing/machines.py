"""How long a state machine is played: a little in the gate, long with ``HYPOTHESIS_PROFILE=nightly``."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

NIGHTLY = "nightly"
_LONG = {"sqlite": (1000, 50), "postgresql": (100, 50)}
_SHORT = {"sqlite": (20, 25), "postgresql": (3, 20)}


def machine_settings(engine: str) -> Any:
    """Return how many runs of how many steps a state machine plays on ``engine``; the gate's are always the same."""
    nightly = os.environ.get("HYPOTHESIS_PROFILE") == NIGHTLY
    runs, steps = (_LONG if nightly else _SHORT)[engine]
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not nightly,
    )
