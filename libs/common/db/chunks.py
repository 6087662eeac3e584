"""Cutting long lists for one statement each: engines bound how many parameters a statement may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select

T = TypeVar("T")
CHUNK = 1000


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Give ``values`` in lists of up to ``size``, in their order; nothing at all for nothing."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def rows_among(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> Iterator[Row[Any]]:
    """Give the rows of ``query`` whose ``column`` is one of ``values``, however many those are."""
    for some in chunks(sorted(set(values))):
        yield from connection.execute(query.where(column.in_(some)))
