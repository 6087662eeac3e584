"""What an operator watches: requests by route, and how far the outbox lags behind."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from libs.common.db import Database
from libs.common.observability import exposition, new_registry
from libs.common.observability.metrics import LATENCY_BUCKETS_S
from libs.common.outbox import outbox


class Meters:
    """The figures of one application."""

    def __init__(self, database: Database, *, shared_folder: str | None = None) -> None:
        self.registry = new_registry()
        self._gauges = DatabaseGauges(database)
        self._shared_folder = shared_folder
        self._requests = Counter(
            "meridian_http_requests",
            "Requests answered, by route template and status.",
            ("service", "method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "meridian_http_request_seconds",
            "Time to answer a request.",
            ("service", "method", "route"),
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self._refused = Counter(
            "meridian_http_refused",
            "Requests that were not let in, by reason: full (too many at once) or busy (too much unanswered).",
            ("service", "reason"),
            registry=self.registry,
        )
        self._service = database.service

    def refused(self, reason: str) -> None:
        """Count one request that was not let in."""
        self._refused.labels(self._service, reason).inc()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(self._service, method, route, str(status)).inc()
        self._seconds.labels(self._service, method, route).observe(seconds)

    def text(self) -> tuple[bytes, str]:
        """Return all figures as Prometheus reads them, and the content type."""
        return exposition(self.registry, fresh=self._gauges, shared_folder=self._shared_folder)


class DatabaseGauges(Collector):
    """Gauges that are read from the database when somebody looks; without a database only ``up`` is told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Describe nothing in advance, so that registering does not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the gauges."""
        service = self._database.service
        up = GaugeMetricFamily("meridian_database_up", "Whether the database answers.", labels=("service",))
        try:
            depth, age = self._read()
        except SQLAlchemyError:
            up.add_metric([service], 0)
            yield up
            return
        up.add_metric([service], 1)
        yield up
        depths = GaugeMetricFamily(
            "meridian_outbox_depth", "Messages not yet delivered.", labels=("service",)
        )
        depths.add_metric([service], depth)
        yield depths
        ages = GaugeMetricFamily(
            "meridian_outbox_oldest_seconds", "Age of the oldest undelivered message.", labels=("service",)
        )
        ages.add_metric([service], age)
        yield ages

    def _read(self) -> tuple[int, float]:
        columns = outbox.c
        with self._database.reading() as connection:
            depth, oldest = connection.execute(select(func.count(), func.min(columns.recorded_at))).one()
        age = (self._database.clock.now() - oldest).total_seconds() if oldest is not None else 0.0
        return int(depth), max(age, 0.0)
