"""Which address is whose: the explicit table of what the gateway passes on, and to which service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gateway.clients import crm, finance, inventory, sales, service_desk
from libs.common.web import ANY, VISITORS
from libs.common.web.principal import Roles

BASE = "/api/v1"
_ANY_SEGMENT = "*"


@dataclass(frozen=True)
class Route:
    """Everything at and below ``prefix`` (``*`` stands for one segment) is ``service``'s.

    ``roles`` may pass the gateway; which of them may do what is the service's to decide, by role and ownership. To
    ``VISITORS`` it is open without a token: then the gateway asks for itself, and says from where they came.
    """

    prefix: str
    service: str
    roles: Roles = ANY

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The prefix, cut at its slashes."""
        return tuple(self.prefix.strip("/").split("/"))

    @property
    def is_open(self) -> bool:
        """Whether it needs no token."""
        return self.roles is VISITORS

    def covers(self, segments: tuple[str, ...]) -> bool:
        """Tell whether an address belongs to this route."""
        own = self.segments
        pairs = zip(own, segments, strict=False)
        return len(own) <= len(segments) and all(mine in (_ANY_SEGMENT, theirs) for mine, theirs in pairs)


CLIENTS = (crm, sales, inventory, finance, service_desk)
ROUTES = (
    *(Route(prefix, client.NAME) for client in CLIENTS for prefix in client.PREFIXES),
    *(
        Route(prefix, client.NAME, VISITORS)
        for client in (crm, sales, service_desk)
        for prefix in client.VISITORS
    ),
)
_BY_FIRST_SEGMENT: dict[str, list[Route]] = {}
for _route in ROUTES:
    _BY_FIRST_SEGMENT.setdefault(_route.segments[0], []).append(_route)


def route_of(path: str) -> Route | None:
    """Return the most exact route of ``path`` (below the base, decoded); ``None`` when it is nobody's.

    Empty segments, dots and backslashes are nobody's: they could mean another address further on.
    """
    segments = tuple(path.split("/"))
    if any(segment in ("", ".", "..") or "\\" in segment for segment in segments):
        return None
    found = [route for route in _BY_FIRST_SEGMENT.get(segments[0], ()) if route.covers(segments)]
    return max(found, key=lambda route: len(route.segments), default=None)
