"""A look at a page of a service on somebody's behalf, to be taken beside others at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.clients.services import Services, json_of
from gateway.clients.transport import Call
from libs.common.web import Principal


@dataclass(frozen=True)
class Told:
    """A service answered: with which status, what, and when."""

    status: int
    data: Any
    at: datetime


def looking(
    services: Services, service: str, address: str, who: Principal, deadline_s: float
) -> Callable[[], Told]:
    """Return the look at ``address``, for a thread of its own; it belongs to the trace of the present one."""
    trace = services.traceparent()
    call = Call("GET", address, {"traceparent": trace} if trace else {}, deadline_s=deadline_s)

    def look() -> Told:
        answer = services.ask(service, call, who)
        data = json_of(service, answer) if answer.body else None
        return Told(answer.status, data, services.clock.now())

    return look
