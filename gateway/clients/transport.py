"""The port to the services: one call, one answer; how it travels is decided at the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

LARGEST_ANSWER = 32 * 1024 * 1024
_SAFE = frozenset({"GET", "HEAD"})


class Unreachable(Exception):
    """The service did not take the call, or broke it off; nothing is known of its effect."""


class TooSlow(Exception):
    """The service did not answer within the deadline; nothing is known of its effect."""


@dataclass(frozen=True)
class Call:
    """One request. ``target`` is the percent-encoded path with its query; ``deadline_s`` bounds the whole call."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    deadline_s: float = 10.0

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no harm: it only reads, or it bears an idempotency key."""
        return self.method in _SAFE or "Idempotency-Key" in self.headers


@dataclass(frozen=True)
class Answer:
    """What the service said; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries a call to a service and its answer back."""

    def send(self, service: str, call: Call) -> Answer:
        """Return the answer of ``service``; ``Unreachable`` or ``TooSlow`` when there is none."""
        ...
