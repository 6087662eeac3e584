"""Asking every service at once what waits for the caller."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from gateway.clients import finance, inventory, sales
from gateway.clients.fan_out import FanOut
from gateway.clients.looking import Told, looking
from gateway.clients.services import Services, ServiceUnavailable
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
        query = urlencode({"state": "waiting", "limit": MOST})
        looks = {
            service: looking(self.services, service, f"{address}?{query}", who, self.deadline_s)
            for service, address in SOURCES.items()
        }
        gathered = self.fan_out.gather(looks, self.deadline_s)
        return merge({service: self._part(service, found) for service, found in gathered.items()})

    def _part(self, service: str, found: Told | ServiceUnavailable) -> Part:
        if isinstance(found, Told):
            return part_of(service, SOURCES[service], found.status, found.data, found.at)
        problem = {"code": found.code, "detail": found.detail}
        return Part("unavailable", since=self.services.silent_since(service), problem=problem)
