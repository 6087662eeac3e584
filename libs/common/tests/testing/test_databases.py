"""What a killed test run leaves behind is cleared away by the next, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from libs.common.testing.databases import (
    PREFIX,
    TestDatabases,
    drop_abandoned,
    run_as_superuser,
    session_name,
)

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("databases", ["postgresql"], indirect=True)]


@pytest.fixture
def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(10)
    return process.pid


@pytest.fixture
def left_behind(databases: TestDatabases, dead_process: int) -> Iterator[dict[str, str]]:
    """Make databases as sessions do: of a dead process, of this one, and of another machine."""
    assert databases.engine == "postgresql", "files go with their temporary folder"
    names = {
        "dead": f"{PREFIX}_{dead_process}_gw0_1",
        "alive": f"{session_name('master')}_x",
        "elsewhere": f"meridian_test_000000_{dead_process}_gw0_1",
        "other": f"{PREFIX}_by_hand",
    }
    for name in names.values():
        run_as_superuser(f'CREATE DATABASE "{name}"')
    yield names
    for name in names.values():
        run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_only_databases_of_dead_processes_of_this_machine_are_dropped(left_behind: dict[str, str]) -> None:
    dropped = drop_abandoned()
    assert left_behind["dead"] in dropped
    assert not set(dropped) & {left_behind[kind] for kind in ("alive", "elsewhere", "other")}
    assert left_behind["dead"] not in drop_abandoned()
