"""Bringing the records of several services into one order: by time, but never an effect before its cause."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One recorded message: what ``service`` said about ``aggregate`` as its ``sequence``-th, and what caused it."""

    id: str
    service: str
    type: str
    kind: str
    at: datetime
    aggregate: str
    sequence: int
    cause: str | None = None
    actor: str | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[datetime, str, str, int, str]:
        """Where it would stand if only time counted; the rest makes the order the same every time."""
        return self.at, self.service, self.aggregate, self.sequence, self.id


def merge(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, each once, in the earliest order by time in which

    - every entry stands behind its cause, although the causing service's clock may run ahead, and
    - what one service said about one aggregate keeps its sequence.

    A ring of causes cannot be recorded honestly; if there is one, its members follow at the end by time.
    """
    by_id = {entry.id: entry for entry in entries}
    followers: dict[str, list[str]] = defaultdict(list)
    waits = dict.fromkeys(by_id, 0)
    for before, after in _constraints(list(by_id.values()), by_id):
        followers[before].append(after)
        waits[after] += 1
    free = [entry.rank for entry in by_id.values() if waits[entry.id] == 0]
    heapq.heapify(free)
    merged: list[Entry] = []
    while free:
        entry = by_id[heapq.heappop(free)[-1]]
        merged.append(entry)
        for follower in followers[entry.id]:
            waits[follower] -= 1
            if waits[follower] == 0:
                heapq.heappush(free, by_id[follower].rank)
    placed = {entry.id for entry in merged}
    return merged + sorted((e for e in by_id.values() if e.id not in placed), key=lambda entry: entry.rank)


def _constraints(entries: Sequence[Entry], by_id: dict[str, Entry]) -> set[tuple[str, str]]:
    """Return pairs of ids: the first must stand before the second."""
    pairs = {(entry.cause, entry.id) for entry in entries if entry.cause in by_id and entry.cause != entry.id}
    streams: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        streams[entry.service, entry.aggregate].append(entry)
    for stream in streams.values():
        stream.sort(key=lambda entry: (entry.sequence, entry.id))
        pairs |= {(one.id, next_.id) for one, next_ in pairwise(stream)}
    return {(before, after) for before, after in pairs if before is not None}
