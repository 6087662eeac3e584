"""One process serves from a home, it ends with the one that started it, and an empty system lets its admin in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from meridian.company import STARTER, Company
from meridian.demo.child import ServingChild, free_port
from meridian.demo.gateway import Gateway, Person
from meridian.home_lock import HomeTaken, alone_in
from meridian.target import embedded_target
from meridian.topography import ROOT


def _silent(_line: str) -> None:
    """Say nothing."""


def test_a_home_serves_one_process_at_a_time(tmp_path: Path) -> None:
    with (
        alone_in(tmp_path),
        pytest.raises(HomeTaken, match=str(os.getpid())),
        alone_in(tmp_path, patience_s=0),
    ):
        pass
    with alone_in(tmp_path, patience_s=0):
        pass


def test_an_empty_system_lets_its_administrator_in(tmp_path: Path) -> None:
    logins = Company(embedded_target(tmp_path)).ensure(STARTER, say=_silent)
    assert [login.username for login in logins] == ["admin"]
    with ServingChild(tmp_path, say=_silent) as child:
        gateway = Gateway(child.address)
        gateway.wait_until_ready()
        admin = Person(gateway, "admin", logins[0].password)
        assert admin.every("/customers") == []
        assert [row["code"] for row in admin.every("/warehouses")] == ["MAIN"]


def test_a_folder_without_users_gets_an_administrator(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "customers.csv").write_text("number,name,currency\nK-1,Harbor Pumps,USD\n", encoding="utf-8")
    said: list[str] = []
    logins = Company(embedded_target(tmp_path / "home")).ensure(folder, say=said.append)
    assert [login.username for login in logins] == ["admin"]
    assert any(line.startswith("customers.csv") and " 1 taken" in line for line in said)


def test_the_system_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    Company(embedded_target(tmp_path)).ensure(STARTER, say=_silent)
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path), str(free_port())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    with alone_in(tmp_path, patience_s=15):
        pass


_PARENT = """
import subprocess, sys
from meridian.demo.gateway import Gateway
home, port = sys.argv[1:]
child = subprocess.Popen(
    [sys.executable, "-m", "meridian", "run", "--quiet", "--until-stdin-closes", "--home", home, "--port", port],
    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
)
Gateway(f"http://127.0.0.1:{port}").wait_until_ready()
print("ready", flush=True)
child.wait()
"""
