"""A small HTTP port of a worker, for those who watch it: alive, ready, and figures."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from libs.common.inbox import Receiver
from libs.common.inbox.parking import count_by_state
from libs.common.messaging.pending import backlog
from libs.common.observability import exposition, new_registry


@dataclass(frozen=True)
class Probes:
    """What is asked: ``alive`` (restart it otherwise) and ``ready`` (it does its work), each with its checks."""

    alive: Callable[[], dict[str, bool]]
    ready: Callable[[], dict[str, bool]]


class HealthPort:
    """Serves ``/health/live``, ``/health/ready`` and ``/metrics`` until it is closed."""

    def __init__(self, port: int, probes: Probes, receiver: Receiver, host: str = "0.0.0.0") -> None:  # nosec B104 # noqa: S104
        registry, gauges = new_registry(), MessageGauges(receiver)
        service = receiver.database.service

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/metrics":
                    self._answer(200, *exposition(registry, fresh=gauges))
                elif self.path == "/health/live":
                    self._checks(probes.alive())
                elif self.path == "/health/ready":
                    self._checks(probes.ready())
                else:
                    self._answer(404, b"", "text/plain")

            def _checks(self, checks: dict[str, bool]) -> None:
                body = json.dumps({"service": service, "checks": checks}).encode()
                self._answer(200 if all(checks.values()) else 503, body, "application/json")

            def _answer(self, status: int, body: bytes, content_type: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: probes come every few seconds."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)


class MessageGauges(Collector):
    """What became of messages here, how much waits to be delivered and is parked; read when somebody looks."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._database = receiver.database

    def describe(self) -> list[Metric]:
        """Describe nothing in advance, so that registering does not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the gauges."""
        service = self._database.service
        received = CounterMetricFamily(
            "meridian_messages_received", "Messages by what became of them.", labels=("service", "outcome")
        )
        for outcome, count in asdict(self._receiver.total).items():
            received.add_metric([service, outcome], count)
        yield received
        try:
            with self._database.reading() as connection:
                waiting, parked = backlog(connection), count_by_state(connection)
        except SQLAlchemyError:
            yield _gauge("meridian_database_up", "Whether the database answers.", service, 0)
            return
        age = (self._database.clock.now() - waiting.oldest).total_seconds() if waiting.oldest else 0.0
        yield _gauge("meridian_database_up", "Whether the database answers.", service, 1)
        yield _gauge("meridian_outbox_depth", "Messages not yet delivered.", service, waiting.depth)
        yield _gauge("meridian_outbox_oldest_seconds", "Age of the oldest of them.", service, max(age, 0.0))
        yield _gauge(
            "meridian_outbox_refused", "Messages the broker refused before.", service, waiting.refused
        )
        states = GaugeMetricFamily(
            "meridian_parked", "Parked messages by state.", labels=("service", "state")
        )
        for state in ("retry", "dead"):
            states.add_metric([service, state], parked.get(state, 0))
        yield states


def _gauge(name: str, meaning: str, service: str, value: float) -> Metric:
    gauge = GaugeMetricFamily(name, meaning, labels=("service",))
    gauge.add_metric([service], value)
    return gauge
