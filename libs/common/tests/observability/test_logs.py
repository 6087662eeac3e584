"""Log lines: JSON, in UTC, with their context, and without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from libs.common.observability import bound, configure_logging, logger
from libs.common.observability.trace import span, trace_id_of

Lines = Callable[[], list[dict[str, Any]]]
JWT = "eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJzMSJ9.c2lnbmF0dXJl"


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, before, config = logging.getLogger(), logging.getLogger().handlers[:], structlog.get_config()
    level, stream = root.level, io.StringIO()
    configure_logging("sample", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    for name in ("amqp", "kombu", "pika"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.configure(**config)


def test_a_line_is_json_with_time_service_level_and_figures(lines: Lines) -> None:
    logger("libs.sample").info("parcel_sent", weight="2.5", count=3)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "parcel_sent", "weight": "2.5", "count": 3,
        "service": "sample", "level": "info", "logger": "libs.sample",
    }  # fmt: skip


def test_what_is_bound_stays_for_the_block(lines: Lines) -> None:
    log = logger("x")
    with bound(actor="s1", correlation_id="c1", nothing=None):
        log.info("inside")
    log.info("outside")
    inside, outside = lines()
    assert (inside["actor"], inside["correlation_id"], "nothing" in inside) == ("s1", "c1", False)
    assert "actor" not in outside


def test_a_line_inside_a_span_carries_its_trace(lines: Lines) -> None:
    with span("work") as traceparent:
        logger("x").info("inside")
    assert lines()[0]["trace_id"] == trace_id_of(traceparent)


def test_lines_of_libraries_are_json_too(lines: Lines) -> None:
    logging.getLogger("library").warning("slow %s", "query", extra={"ms": 12})
    (line,) = lines()
    assert (line["event"], line["level"], line["service"], line["ms"]) == (
        "slow query",
        "warning",
        "sample",
        12,
    )


@pytest.mark.parametrize(
    "figures",
    [
        {"password": "hunter2"},
        {"access_token": "hunter2"},
        {"Authorization": "Bearer hunter2"},
        {"headers": {"authorization": "hunter2", "cookie": "hunter2"}},
        {"body": [{"new_password": "hunter2"}]},
        {"api_key": "hunter2", "private_key": "hunter2", "client_secret": "hunter2"},
        {"text": f"sent {JWT.replace('c2lnbmF0dXJl', 'hunter2')} on"},
        {"text": "Authorization: Bearer hunter2"},
        {"url": "postgresql://meridian:hunter2@db/sales"},
        {"url": "amqp://sales:hunter2@broker//"},
        {"pem": "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"},
    ],
)
def test_secrets_are_blanked(lines: Lines, figures: dict[str, Any]) -> None:
    logger("x").info("logged", **figures)
    logging.getLogger("library").warning("logged", extra=figures)
    text = json.dumps(lines())
    assert "hunter2" not in text
    assert text.count("redacted") >= 2


def test_secrets_inside_an_exception_are_blanked(lines: Lines) -> None:
    try:
        raise RuntimeError(f"refused {JWT}")
    except RuntimeError as error:
        logger("x").error("failed", exc_info=error)
    (line,) = lines()
    assert "RuntimeError: refused [redacted]" in line["exception"]


def test_what_json_does_not_know_is_written_as_text(lines: Lines) -> None:
    logger("x").info("odd", value=object())
    assert "object" in lines()[0]["value"]


def test_lines_below_the_level_are_not_written(lines: Lines) -> None:
    logger("x").debug("quiet")
    assert lines() == []


@pytest.mark.parametrize(("level", "written"), [("DEBUG", 1), ("INFO", 1), ("WARNING", 1), ("ERROR", 0)])
def test_the_clients_of_the_broker_tell_their_troubles_only(lines: Lines, level: str, written: int) -> None:
    configure_logging("sample", level=level, stream=(stream := io.StringIO()))
    for name in ("pika.adapters.blocking_connection", "kombu.connection", "amqp"):
        stream.truncate(0)
        stream.seek(0)
        logging.getLogger(name).info("connecting")
        logging.getLogger(name).warning("connection lost")
        assert stream.getvalue().count("\n") == written
