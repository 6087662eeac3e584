"""Cutting long lists for one statement each: engines bound how many parameters a statement may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
CHUNK = 1000


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Give ``values`` in lists of up to ``size``, in their order; nothing at all for nothing."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
