"""What gunicorn does for a web process, tried with a real one: leaving politely, and meters of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from libs.common.db import Database, migrate
from meridian.local.shape import programs
from meridian.target import Target
from meridian.topography import GATEWAY, ROOT, SERVICES

APPLICATION = """
    import time
    from libs.common.db import Database
    from libs.common.web import SigningKeys, create_service_app

    def application():
        keys = SigningKeys.fresh().verifier()
        app = create_service_app("slow", Database({url!r}, service="slow"), [], keys=keys, title="Slow")

        @app.get("/slow")
        def slow():
            with open({begun!r}, "w"):
                time.sleep(0.8)
            return "done"

        return app
"""
Ask = Callable[[str], tuple[int, str]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Give ``ask(url)``: each time over a connection of its own, as a balancer's probe does."""
    pool = urllib3.PoolManager(retries=False, timeout=5.0, headers={"Connection": "close"})

    def get(url: str) -> tuple[int, str]:
        try:
            answer = pool.request("GET", url)
        except urllib3.exceptions.HTTPError:
            return 0, ""
        return answer.status, answer.data.decode()

    yield get
    pool.clear()


@pytest.fixture
def server(tmp_path: Path, ask: Ask) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a slow application by two processes, as the containers do."""
    url = f"sqlite:///{tmp_path / 'slow.db'}"
    migrate(Database(url, service="slow"), None)
    text = textwrap.dedent(APPLICATION).format(url=url, begun=str(tmp_path / "begun"))
    (tmp_path / "slow_application.py").write_text(text, encoding="utf-8")
    (tmp_path / "meters").mkdir()
    (tmp_path / "meters" / "counter_1.db").write_bytes(b"left behind")
    (tmp_path / "meters" / "notes.txt").write_text("not ours", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    environment = os.environ | {
        "MERIDIAN_APPLICATION": "slow_application:application()",
        "MERIDIAN_WEB_DRAIN_S": "0.6",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "meters"),
        "PYTHONPATH": f"{ROOT}:{tmp_path}",
    }
    conf = str(ROOT / "deploy" / "gunicorn.conf.py")
    command = [sys.executable, "-m", "gunicorn", "--config", conf, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: ask(f"{base}/health/ready")[0] == 200, 30)
        yield base, process
    finally:
        process.kill()
        process.wait(10)


def until(done: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


def test_a_process_that_leaves_says_so_and_finishes_what_it_has(
    server: tuple[str, subprocess.Popen[bytes]], ask: Ask, tmp_path: Path
) -> None:
    base, process = server
    answers: list[tuple[int, str]] = []
    under_way = threading.Thread(target=lambda: answers.append(ask(f"{base}/slow")))
    under_way.start()
    until((tmp_path / "begun").exists)
    process.send_signal(signal.SIGTERM)
    until(lambda: ask(f"{base}/health/ready")[0] == 503)
    assert ask(f"{base}/health/live")[0] == 200
    under_way.join(10)
    assert answers == [(200, "done")]
    assert process.wait(10) == 0


def test_meters_begin_empty_and_count_for_every_process(
    server: tuple[str, subprocess.Popen[bytes]], ask: Ask, tmp_path: Path
) -> None:
    base, _ = server
    for _ in range(8):
        ask(f"{base}/health/live")
    status, figures = ask(f"{base}/metrics")
    counted = (
        'meridian_http_requests_total{method="GET",route="/health/live",service="slow",status="200"} 8.0'
    )
    assert (status, counted in figures) == (200, True)
    assert not (tmp_path / "meters" / "counter_1.db").exists()
    assert (tmp_path / "meters" / "notes.txt").exists()


def test_the_local_shape_runs_what_containers_run(tmp_path: Path) -> None:
    urls = {name: f"http://127.0.0.1:{9000 + place}" for place, name in enumerate(SERVICES)}
    stores = dict.fromkeys((*SERVICES, GATEWAY), "postgresql://x")
    ports = dict.fromkeys(SERVICES, 1)
    logins = {name: f"amqp://{name}" for name in SERVICES}
    target = Target(
        tmp_path, "http://127.0.0.1:8999", stores, "amqp://x", "USD", "UTC", ports, urls, amqp_urls=logins
    )
    shape = programs(target)
    web = [program for program in shape if "gunicorn" in program.command]
    assert {program.name for program in web} == {*(f"{name}-web" for name in SERVICES), "gateway"}
    for program in web:
        assert str(ROOT / "deploy" / "gunicorn.conf.py") in program.command
        assert program.environment["MERIDIAN_APPLICATION"].endswith(".app:application()")
    folders = [Path(program.environment["PROMETHEUS_MULTIPROC_DIR"]) for program in web]
    assert folders == [tmp_path.resolve() / "metrics" / program.name for program in web]
    workers = [program for program in shape if program not in web]
    of_broker = {program.name: program.environment.get("MERIDIAN_AMQP_URL") for program in shape}
    assert of_broker["gateway"] is None
    assert {of_broker[f"{name}-worker"] == logins[name] for name in SERVICES} == {True}
    assert not any("PROMETHEUS_MULTIPROC_DIR" in program.environment for program in workers)
