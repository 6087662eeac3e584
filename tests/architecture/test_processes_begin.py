"""Every process begins alike: its log lines are directed once, under its own name, at the level that is set."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from libs.common.web import SigningKeys
from libs.common.web import root as web_root
from tests.architecture.tree import SERVICES

_WEB = {**{name: f"services.{name}.app" for name in SERVICES}, "gateway": "gateway.app"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set what the environment of a process says."""
    SigningKeys.fresh().publish(tmp_path / "public.json")
    monkeypatch.setenv("MERIDIAN_DATABASE_URL", f"sqlite:///{tmp_path / 'process.db'}")
    monkeypatch.setenv("MERIDIAN_TOKEN_KEYS_FILE", str(tmp_path / "public.json"))
    monkeypatch.setenv("MERIDIAN_SIGNING_KEYS_FILE", str(tmp_path / "signing.json"))
    monkeypatch.setenv("MERIDIAN_LOG_LEVEL", "warning")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("service", _WEB)
def test_a_web_process_directs_its_log_lines_once(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(web_root, "configure_logging", lambda name, *, level: calls.append((name, level)))
    app = importlib.import_module(_WEB[service]).application()
    assert calls == [(service, "WARNING")]
    assert app.test_client().get("/health/live").status_code == 200


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_is_run_by_the_one_function_that_directs_log_lines(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``run_worker`` itself is tried in libs/common/tests/worker."""
    worker = importlib.import_module(f"services.{service}.worker")
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(worker, "run_worker", lambda *parts: calls.append(parts))
    worker.main()
    ((name, settings, subscriptions, jobs),) = calls
    assert (name, settings.service) == (service, service)
    assert (subscriptions, jobs) == (worker.SUBSCRIPTIONS, worker.JOBS)
