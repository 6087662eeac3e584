"""Which tests share a process and a running system, and that each test is still run once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.scheduling import LONGEST, rank, unit_of


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/e2e/test_costs.py::test_r1[embedded]", "tests/e2e/[embedded]"),
        ("tests/e2e/test_costs.py::test_r1[production]", "tests/e2e/[production]"),
        ("tests/e2e/test_races.py::test_x[embedded-a::b [c]]", "tests/e2e/[embedded]"),
        ("tests/e2e/test_recovery.py::test_kill[sales-worker-production]", "tests/e2e/[production]"),
        ("tests/e2e/test_recovery.py::test_kill_of_the_embedded_process", "tests/e2e/test_recovery.py"),
        ("tests/console/test_r7_4_cash.py::test_r7_4[production]", "tests/console/[production]"),
        ("tests/console/test_r7_4_screens.py::test_x[en]", "tests/console/test_r7_4_screens.py"),
        ("tests/security/test_slow_clients.py::test_x[embedded]", "tests/security/test_slow_clients.py"),
        ("services/crm/tests/unit/test_customer.py::test_x[production]", "services/crm/tests/unit/test_customer.py"),
    ],
)  # fmt: skip
def test_scenarios_of_one_shape_stay_together_and_all_others_by_module(nodeid: str, unit: str) -> None:
    assert unit_of(nodeid) == unit


def test_long_units_go_first() -> None:
    units = ["libs/common/tests/test_money.py", "tests/security/test_corpus.py", "tests/e2e/[embedded]"]
    assert sorted(units, key=rank, reverse=True) == units[::-1]
    assert all(Path(ROOT / place).is_dir() for place in LONGEST)
