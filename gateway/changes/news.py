"""Asking the services what they have told since the last time."""

from __future__ import annotations

from typing import Any

from gateway.changes.kinds import SOURCES, anything_of, kinds_of
from gateway.clients.services import ITSELF, Services, ServiceUnavailable, json_of
from gateway.clients.transport import Call

_MOST = 100
_DEADLINE_S = 2.0


class News:
    """Where each service's messages were read up to; a service that is silent is passed over until it answers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, int] = {}

    def __call__(self) -> frozenset[str]:
        """Return the kinds of things that changed since the last call."""
        return kinds_of(each for service in SOURCES for each in self._types(service))

    def _types(self, service: str) -> list[str]:
        known = self._known.get(service)
        query = "" if known is None else f"?since={known}&limit={_MOST}"
        try:
            call = Call("GET", f"/api/v1/events{query}", deadline_s=_DEADLINE_S)
            answer = self._services.ask(service, call, ITSELF)
            messages: list[dict[str, Any]] = json_of(service, answer)["items"] if answer.status == 200 else []
        except ServiceUnavailable:
            return []
        if answer.status == 200:
            self._known[service] = max([each["seq"] for each in messages], default=known or 0)
        if len(messages) == _MOST:
            # Nobody listened for a while, or there is much to tell: anything may have changed, and it goes on from now.
            del self._known[service]
            return anything_of(service)
        # What was there before anybody listened is no news: the page has just asked for it.
        return [] if known is None else [each["type"] for each in messages]
