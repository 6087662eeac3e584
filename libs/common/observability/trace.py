"""W3C trace context: one trace id from the click to the ledger, carried as ``traceparent``.

OpenTelemetry keeps the context. Spans are recorded from when an operator asks for ``provider()``, to add a span
processor to it; until then nobody would read them, and only their ids are made and passed on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import INVALID_SPAN_ID, INVALID_TRACE_ID, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_HEADER = "traceparent"
_propagator = TraceContextTextMapPropagator()


class OwnIds(IdGenerator):
    """Ids from a source of our own: whoever seeds the shared one, or watches it, is not disturbed by our requests."""

    def __init__(self) -> None:
        self._lots = random.Random()  # nosec B311 # noqa: S311 - an id tells requests apart and opens nothing

    def generate_trace_id(self) -> int:
        """Return 128 bits that are no invalid id."""
        return self._other_than(INVALID_TRACE_ID, 128)

    def generate_span_id(self) -> int:
        """Return 64 bits that are no invalid id."""
        return self._other_than(INVALID_SPAN_ID, 64)

    def _other_than(self, invalid: int, bits: int) -> int:
        while (drawn := self._lots.getrandbits(bits)) == invalid:
            pass
        return drawn


_new_ids = OwnIds()


@cache
def provider() -> TracerProvider:
    """Return the process's provider of spans."""
    resource = Resource({"service.namespace": "meridian"})
    return TracerProvider(resource=resource, shutdown_on_exit=False, id_generator=_new_ids)


def _tracer() -> trace.Tracer:
    return provider().get_tracer("meridian")


def _is_recording() -> bool:
    return provider.cache_info().currsize > 0


def _ids_below(above: SpanContext) -> SpanContext:
    """Return the ids that the recording tracer would make: below a valid parent, else of a new trace."""
    known = above.is_valid
    return SpanContext(
        above.trace_id if known else _new_ids.generate_trace_id(),
        _new_ids.generate_span_id(),
        is_remote=False,
        trace_flags=above.trace_flags if known else TraceFlags(TraceFlags.SAMPLED),
        trace_state=above.trace_state,
    )


@contextmanager
def _doing(name: str, below: context.Context | None, kind: SpanKind) -> Iterator[None]:
    """Do the block as one span below the one in ``below``, or in the current context."""
    if _is_recording():
        with _tracer().start_as_current_span(name, context=below, kind=kind):
            yield
        return
    ids = _ids_below(trace.get_current_span(below).get_span_context())
    token = context.attach(trace.set_span_in_context(trace.NonRecordingSpan(ids), below))
    try:
        yield
    finally:
        context.detach(token)


def _extracted(traceparent: str | None) -> context.Context:
    return _propagator.extract({_HEADER: traceparent} if traceparent else {}, context.Context())


def current_traceparent() -> str | None:
    """Return the ``traceparent`` of what is being done now; ``None`` outside any span."""
    return _traceparent_of(trace.get_current_span().get_span_context())


def current_trace_id() -> str | None:
    """Return the 32 hexadecimal digits of the trace of what is being done now; ``None`` outside any span."""
    found = trace.get_current_span().get_span_context()
    return format(found.trace_id, "032x") if found.is_valid else None


def _traceparent_of(span_context: SpanContext) -> str | None:
    """Write a span's context as W3C does; several times per request, so without a propagator's carrier."""
    if not span_context.is_valid:
        return None
    flags = int(span_context.trace_flags)
    return f"00-{span_context.trace_id:032x}-{span_context.span_id:016x}-{flags:02x}"


def child_traceparent(parent: str | None) -> str:
    """Return a new ``traceparent`` below ``parent``; of a new trace when there is none or it is malformed."""
    if not _is_recording():
        return (
            _traceparent_of(_ids_below(trace.get_current_span(_extracted(parent)).get_span_context())) or ""
        )
    span = _tracer().start_span("child", context=_extracted(parent))
    span.end()
    return _traceparent_of(span.get_span_context()) or ""


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the 32 hexadecimal digits of the trace; ``None`` when ``traceparent`` is absent or malformed."""
    found = trace.get_current_span(_extracted(traceparent)).get_span_context()
    return format(found.trace_id, "032x") if found.is_valid else None


@contextmanager
def attach(traceparent: str | None) -> Iterator[None]:
    """Continue the trace of ``traceparent`` inside the block (a handled message, a job)."""
    token = context.attach(_extracted(traceparent))
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def span(name: str, traceparent: str | None = None, *, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[str]:
    """Do the block as one span, below ``traceparent`` when given, else below the current one; yield its own."""
    below = _extracted(traceparent) if traceparent else None
    with _doing(name, below, kind):
        yield current_traceparent() or ""


@contextmanager
def server_span(name: str, traceparent: str | None) -> Iterator[str]:
    """Answer a request as one span, below the caller's ``traceparent`` or in a new trace; yield its own."""
    with _doing(name, _extracted(traceparent), SpanKind.SERVER):
        yield current_traceparent() or ""
