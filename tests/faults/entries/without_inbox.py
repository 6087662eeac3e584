"""A worker without its third safeguard: it does not remember what it has handled."""

from __future__ import annotations

from tests.faults.entries.common import run_worker
from tests.simulation.sabotage import without

if __name__ == "__main__":
    with without("inbox"):
        run_worker()
