"""Prometheus metrics: a registry per application, and one exposition for one or many processes."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

LATENCY_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

disable_created_metrics()  # type: ignore[no-untyped-call]


def new_registry() -> CollectorRegistry:
    """Return an empty registry, so that several applications in one process do not mix their figures."""
    return CollectorRegistry(auto_describe=False)


def exposition(
    registry: CollectorRegistry, *, fresh: Collector | None = None, shared_folder: str | None = None
) -> tuple[bytes, str]:
    """Return the metrics as text and its content type.

    ``fresh`` is read at this moment (gauges from the database). ``shared_folder`` is the folder in which several
    worker processes count; their figures are summed and stand in for ``registry``.
    """
    counted = registry
    if shared_folder is not None:
        counted = CollectorRegistry()
        MultiProcessCollector(counted, path=shared_folder)  # type: ignore[no-untyped-call]
    text = generate_latest(counted)
    if fresh is not None:
        gauges = CollectorRegistry()
        gauges.register(fresh)
        text += generate_latest(gauges)
    return text, CONTENT_TYPE_LATEST
