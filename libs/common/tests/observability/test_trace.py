"""Trace ids: passed on when they came, made when they did not, never mixed between tasks."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import TraceFlags

from libs.common.observability import attach, child_traceparent, current_traceparent, server_span, trace_id_of
from libs.common.observability.metrics import new_registry
from libs.common.observability.trace import provider, span

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture(params=["unread", "recorded"], autouse=True)
def kind_of_spans(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run every test with spans that nobody reads, and with those that an operator could export."""
    provider.cache_clear()
    if request.param == "recorded":
        provider()
    yield
    provider.cache_clear()


def test_outside_any_span_there_is_no_trace() -> None:
    assert current_traceparent() is None


def test_a_child_stays_in_the_trace_under_an_id_of_its_own() -> None:
    child = child_traceparent(PARENT)
    assert trace_id_of(child) == TRACE
    assert child != PARENT
    assert child_traceparent(PARENT) != child


@pytest.mark.parametrize(
    "parent", [None, "", "garbage", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "ff-" + PARENT[3:]]
)
def test_a_child_of_nothing_begins_a_trace(parent: str | None) -> None:
    assert trace_id_of(parent) is None
    assert trace_id_of(child_traceparent(parent)) not in (None, TRACE)


def test_attach_continues_and_then_restores() -> None:
    with attach(PARENT):
        assert current_traceparent() == PARENT
        with span("step") as inner:
            assert trace_id_of(inner) == TRACE
            assert current_traceparent() == inner != PARENT
        assert current_traceparent() == PARENT
    assert current_traceparent() is None


def test_attaching_nothing_hides_what_was_there() -> None:
    with attach(PARENT), attach(None):
        assert current_traceparent() is None


def test_a_span_below_a_given_parent() -> None:
    with span("handled", PARENT) as inner:
        assert trace_id_of(inner) == TRACE
    with server_span("GET", None) as fresh, server_span("GET", None) as other:
        assert trace_id_of(fresh) != trace_id_of(other)


def test_threads_do_not_share_a_trace() -> None:
    seen: list[str | None] = []
    with attach(PARENT):
        thread = threading.Thread(target=lambda: seen.append(current_traceparent()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_a_caller_who_does_not_sample_is_not_overruled() -> None:
    with server_span("GET", PARENT[:-1] + "0") as unsampled, server_span("GET", None) as fresh:
        assert [int(each[-2:], 16) & TraceFlags.SAMPLED for each in (unsampled, fresh)] == [0, 1]


def test_who_adds_an_exporter_gets_the_spans() -> None:
    with server_span("GET", None):
        pass
    exporter = InMemorySpanExporter()
    provider().add_span_processor(SimpleSpanProcessor(exporter))
    with server_span("POST", PARENT), span("step"):
        pass
    ended = [each.name for each in exporter.get_finished_spans()]
    assert ended == ["step", "POST"]
    assert {format(each.context.trace_id, "032x") for each in exporter.get_finished_spans()} == {TRACE}


def test_an_error_leaves_no_trace_behind() -> None:
    with pytest.raises(KeyError), span("failing"):
        raise KeyError
    assert current_traceparent() is None


def test_registries_are_separate() -> None:
    assert new_registry() is not new_registry()
