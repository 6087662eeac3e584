"""Logs as one JSON object per line on stderr, in UTC, with what was bound to the context; never a secret."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO

import structlog

from libs.common.observability.trace import current_trace_id

_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|api[_-]?key|private[_-]?key|credential", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*"
    r"|(?<=Bearer )\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----"
)
# Each form of _SECRET_VALUE contains one of these; most texts contain none, and a search for a text is cheap.
_SECRET_MARKS = ("eyJ", "Bearer ", "://", "-----BEGIN ")
_HIDDEN = "[redacted]"
_TALKATIVE = ("amqp", "kombu", "pika")
_DEPTH = 6
_LEVELS = logging.getLevelNamesMapping()
# One list, changed in place: loggers that are in use already keep it.
_processors: list[Any] = []


class _Lines:
    """Where the lines of one logger go: past ``logging``, whose records and handlers would cost as much again."""

    stream: TextIO = sys.stderr

    def __init__(self, name: str) -> None:
        self.name = name
        self.writes = logging.getLogger(name).isEnabledFor

    def info(self, line: str) -> None:
        """Write a line, in one piece: other threads write theirs."""
        _Lines.stream.write(f"{line}\n")
        _Lines.stream.flush()

    debug = warning = error = critical = info


def _leave_out_quiet(lines: _Lines, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if not lines.writes(_LEVELS["ERROR" if method == "exception" else method.upper()]):
        raise structlog.DropEvent
    return entry


def redact(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name or form says that it is a secret."""
    for name in list(entry):
        entry[name] = _clean(name, entry[name], _DEPTH)
    return entry


@lru_cache(maxsize=1024)
def _names_a_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _clean(name: str, value: Any, depth: int) -> Any:
    if _names_a_secret(name) and value is not None and not isinstance(value, bool):
        return _HIDDEN
    if isinstance(value, str):
        return _SECRET_VALUE.sub(_HIDDEN, value) if any(mark in value for mark in _SECRET_MARKS) else value
    if depth == 0:
        return value
    if isinstance(value, dict):
        return {key: _clean(str(key), inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean("", inner, depth - 1) for inner in value]
    return value


def _add_trace(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if "trace_id" not in entry:
        found = current_trace_id()
        if found is not None:
            entry["trace_id"] = found
    return entry


def configure_logging(service: str, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of this process, also those of libraries, as JSON to ``stream`` (stderr).

    The broker's clients tell every step of every connection as INFO; from them only warnings are kept.
    """

    def add_service(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        entry.setdefault("service", service)
        return entry

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        add_service,
        _add_trace,
    ]
    ending: list[Any] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    _processors[:] = [
        _leave_out_quiet,
        *shared,
        *ending,
    ]
    _Lines.stream = stream or sys.stderr
    structlog.configure(
        processors=_processors,
        logger_factory=_Lines,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Lines.stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


def _configure_quietly() -> None:
    """Until a composition root configures logging, leave lines to the standard library's own handling."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                structlog.contextvars.merge_contextvars,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(default=str),
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
        )


_configure_quietly()


def logger(name: str) -> Any:
    """Return the logger of a module; its methods take an event name and figures as keywords."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def bound(**values: object) -> Iterator[None]:
    """Add ``values`` (actor, correlation id) to every line that is logged inside the block."""
    known = {name: value for name, value in values.items() if value is not None}
    with structlog.contextvars.bound_contextvars(**known):
        yield
