"""R7.4: stopping the embedded system while it answers leaves no error behind."""

from __future__ import annotations

import logging
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from waitress.server import BaseWSGIServer

from tests.e2e.systems import start_embedded


def test_r7_4_a_thread_that_just_answered_may_still_wake_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answered, wake = threading.Event(), BaseWSGIServer.pull_trigger

    def late(server: BaseWSGIServer) -> None:
        if threading.current_thread().name.startswith("waitress"):
            answered.set()
            time.sleep(0.5)
        wake(server)

    system = start_embedded(tmp_path)
    monkeypatch.setattr(BaseWSGIServer, "pull_trigger", late)
    answered.clear()
    with caplog.at_level(logging.ERROR), urllib.request.urlopen(f"{system.target.gateway_url}/"):
        assert answered.wait(5)
        system.stop()
        time.sleep(0.7)

    assert "Bad file descriptor" not in caplog.text
