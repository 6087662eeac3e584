"""Which tests go together to one process of pytest-xdist, and which of these units goes first.

A unit is a module, as ``--dist loadscope`` makes it, but for the end-to-end scenarios, by API and by clicks: there all
that run on one shape of the system by name make one unit, because its start costs more than most scenarios and they all
share it. Long units go first, so that none of them is left to one process while the others have nothing to do.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

_SCENARIOS = "tests/e2e/"
_CLICKED = "tests/console/"
_SHAPE = re.compile(r"[\[-](embedded|production)[\]-]")
LONGEST = (_SCENARIOS, "tests/simulation/", "tests/security/")
"""Where few tests take long; elsewhere the number of tests tells well enough."""


def unit_of(nodeid: str) -> str:
    """Return the unit of a test."""
    folder = next((each for each in (_SCENARIOS, _CLICKED) if nodeid.startswith(each)), None)
    if folder and (shape := _SHAPE.search(nodeid.partition("::")[2])):
        return f"{folder}[{shape[1]}]"
    return nodeid.rsplit("::", 1)[0]


def rank(unit: str) -> int:
    """Return how early a unit goes: the higher, the earlier."""
    return next((len(LONGEST) - place for place, start in enumerate(LONGEST) if unit.startswith(start)), 0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give the scheduler of ``--dist loadscope`` with our units; any other ``--dist`` stays as it is."""
    from xdist.scheduler import LoadScopeScheduling
    from xdist.workermanage import WorkerController

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

        def _assign_work_unit(self, node: WorkerController) -> None:
            self.workqueue.move_to_end(max(self.workqueue, key=rank), last=False)
            super()._assign_work_unit(node)

    return Scheduling(config, log) if config.getoption("dist") == "loadscope" else None
