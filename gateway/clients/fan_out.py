"""Asking several services at once, for as long as the slowest may take; who is late is left out, not waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from typing import Any, TypeVar

from gateway.clients.services import ServiceUnavailable

T = TypeVar("T")
WORKERS = 24


class FanOut:
    """Threads for asking; when all are busy with slow services, a new question is late like any other."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="fan-out")

    def gather(
        self, questions: Mapping[str, Callable[[], T]], deadline_s: float
    ) -> dict[str, T | ServiceUnavailable]:
        """Return what each question gave, by its name, or why it gave nothing within the deadline."""
        ends = time.monotonic() + deadline_s
        asked: dict[str, Future[T]] = {
            name: self._pool.submit(question) for name, question in questions.items()
        }
        gathered: dict[str, T | ServiceUnavailable] = {}
        for name, future in asked.items():
            gathered[name] = _outcome(name, future, ends)
        return gathered

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _outcome(name: str, future: Future[Any], ends: float) -> Any:
    try:
        return future.result(timeout=max(0.0, ends - time.monotonic()))
    except ServiceUnavailable as error:
        return error
    except NotDone:
        future.cancel()
        return ServiceUnavailable(name, "service_slow", "It did not answer in time.")
