"""Asking every service at once what waits for the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from gateway.clients import finance, inventory, sales
from gateway.clients.fan_out import FanOut
from gateway.clients.services import Services, ServiceUnavailable, json_of
from gateway.clients.transport import Call
from gateway.inbox.merge import Inbox, Part, merge, part_of
from libs.common.web import Principal

MOST = 100
SOURCES = {client.NAME: client.APPROVALS for client in (sales, finance, inventory)}
"""Where each service lists its approvals."""


@dataclass(frozen=True)
class Inboxes:
    """Composes inboxes on the caller's behalf; each service decides by itself what waits for whom."""

    services: Services
    fan_out: FanOut
    deadline_s: float

    def of(self, who: Principal) -> Inbox:
        """Return what waits for ``who``; a service that is down costs its part only, and is named."""
        trace = self.services.traceparent()
        questions = {
            service: self._question(service, address, who, trace) for service, address in SOURCES.items()
        }
        gathered = self.fan_out.gather(questions, self.deadline_s)
        return merge({service: self._part(found) for service, found in gathered.items()})

    def _question(self, service: str, address: str, who: Principal, trace: str | None) -> Callable[[], Part]:
        headers = {"traceparent": trace} if trace else {}
        target = f"{address}?{urlencode({'state': 'waiting', 'limit': MOST})}"
        call = Call("GET", target, headers, deadline_s=self.deadline_s)

        def ask() -> Part:
            answer = self.services.ask(service, call, who)
            page = json_of(service, answer) if answer.body else None
            return part_of(service, address, answer.status, page, self.services.clock.now())

        return ask

    def _part(self, found: Part | ServiceUnavailable) -> Part:
        if isinstance(found, Part):
            return found
        since = self.services.down_since(found.service) or self.services.clock.now()
        return Part("unavailable", since=since, problem={"code": found.code, "detail": found.detail})
