"""From what the services said to the inbox: pure, so that every combination of answers can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["ok", "unavailable", "denied"]


@dataclass(frozen=True)
class Waiting:
    """An approval that waits for the caller: ``address`` is where it is looked at, ``/decide`` below it decides."""

    source: str
    address: str
    approval: Mapping[str, Any]

    @property
    def asked_at(self) -> str:
        """When it was asked for, as text that sorts by time."""
        return str(self.approval["requested_at"])


@dataclass(frozen=True)
class Part:
    """What a service told: its approvals, and whether there are ``more`` than it told; or why it told nothing."""

    status: Status
    waiting: tuple[Waiting, ...] = ()
    more: bool = False
    as_of: datetime | None = None
    since: datetime | None = None
    problem: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Inbox:
    """Everything that waits, what waits longest first, and the state of each service's part."""

    waiting: tuple[Waiting, ...]
    parts: Mapping[str, Part]


def part_of(source: str, address: str, status: int, page: Any, at: datetime) -> Part:
    """Return a service's part, from its answer to what waits for the caller."""
    if status == 200:
        waiting = tuple(Waiting(source, f"{address}/{each['id']}", each) for each in page["items"])
        return Part("ok", waiting, more=page.get("next_cursor") is not None, as_of=at)
    told = page if isinstance(page, dict) else {}
    problem = {
        "code": str(told.get("code", f"http_{status}")),
        "detail": str(told.get("detail", "The service could not tell what waits.")),
    }
    return Part("denied" if status in (401, 403) else "unavailable", as_of=at, problem=problem)


def merge(parts: Mapping[str, Part]) -> Inbox:
    """Return the inbox of all parts; of two that were asked for at once the one of the first service comes first."""
    every = [each for part in parts.values() for each in part.waiting]
    return Inbox(tuple(sorted(every, key=lambda each: each.asked_at)), parts)
