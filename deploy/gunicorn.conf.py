"""How gunicorn serves a web process: threads, because the work waits for the database; few processes, for memory.

MERIDIAN_APPLICATION names the application; MERIDIAN_WEB_WORKERS, _THREADS and _PORT change the size, and
MERIDIAN_WEB_DRAIN_S how long a process that was told to stop still answers, "not ready" to those who ask.
"""

import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

# Several processes count into one folder, so that /metrics answers for all of them, whichever is asked.
_METRICS = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "/tmp/meridian-metrics"))  # nosec B108 # noqa: S108
_DRAIN_S = float(os.environ.get("MERIDIAN_WEB_DRAIN_S", "3"))

wsgi_app = os.environ["MERIDIAN_APPLICATION"]
bind = f"0.0.0.0:{os.environ.get('MERIDIAN_WEB_PORT', '8000')}"
# Only the gateway meets callers that we do not know: there no thread waits for a slow one.
worker_class = "gateway.front.worker.PatientWorker" if wsgi_app.startswith("gateway.") else "gthread"
workers = int(os.environ.get("MERIDIAN_WEB_WORKERS", "2"))
threads = int(os.environ.get("MERIDIAN_WEB_THREADS", "16"))
worker_tmp_dir = "/dev/shm"  # nosec B108 # noqa: S108 - the heartbeat file must not wait for a disk
timeout = 60
graceful_timeout = 20
keepalive = 30
max_requests = 100_000
max_requests_jitter = 10_000
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """Begin with empty meters: the files of processes that are gone would be counted again."""
    _METRICS.mkdir(parents=True, exist_ok=True)
    for file in _METRICS.glob("*.db"):
        file.unlink()


def post_worker_init(worker: Any) -> None:
    """On SIGTERM, first announce that this process leaves, and stop accepting when a balancer has had time to see it.

    Requests under way are then finished within ``graceful_timeout``.
    """
    from libs.common.memory import keep_what_is_loaded
    from libs.common.web import drain

    keep_what_is_loaded()
    stop = signal.getsignal(signal.SIGTERM)
    assert callable(stop)

    def leave(number: int, frame: FrameType | None) -> None:
        drain(worker.wsgi)
        timer = threading.Timer(_DRAIN_S, stop, (number, frame))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, leave)
    signal.siginterrupt(signal.SIGTERM, False)


def child_exit(_server: Any, worker: Any) -> None:
    """Take a process's live gauges out of the sums."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
