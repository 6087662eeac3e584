"""Seeing what happens: structured logs, metrics, and the trace that joins them from the click to the ledger."""

from libs.common.observability.logs import bound, configure_logging, logger
from libs.common.observability.metrics import exposition, new_registry
from libs.common.observability.trace import (
    attach,
    child_traceparent,
    current_trace_id,
    current_traceparent,
    server_span,
    trace_id_of,
)

__all__ = [
    "attach",
    "bound",
    "child_traceparent",
    "configure_logging",
    "current_trace_id",
    "current_traceparent",
    "exposition",
    "logger",
    "new_registry",
    "server_span",
    "trace_id_of",
]
