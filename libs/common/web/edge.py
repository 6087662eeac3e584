"""What an application at the edge carries: its service, its database, who it trusts, and whether it is leaving."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Request, current_app, g, request

from libs.common.db import Database
from libs.common.web.intake import Intake
from libs.common.web.meters import Meters
from libs.common.web.principal import Principal
from libs.common.web.problems import EdgeError
from libs.common.web.tokens import TokenKeys, TokenRefused

EXTENSION = "meridian"
Authenticate = Callable[[Request], Principal]


@dataclass
class Edge:
    """The parts that every request of one application needs."""

    service: str
    database: Database
    identify: Authenticate
    document: Callable[[], dict[str, Any]] = dict
    draining: threading.Event = field(default_factory=threading.Event)
    intake: Intake | None = None
    meters: Meters = field(kw_only=True)

    def authenticate(self) -> Principal:
        """Return who asks, verified once per request; 401 when nobody does validly."""
        if "principal" not in g:
            g.principal = self.identify(request)
        found: Principal = g.principal
        return found


def edge() -> Edge:
    """Return the edge of the application that answers now."""
    found: Edge = current_app.extensions[EXTENSION]
    return found


def unauthorized() -> EdgeError:
    """Return the one answer to every missing or bad token: it tells nothing about the reason."""
    return EdgeError(
        401,
        "unauthorized",
        "A valid token is needed.",
        cure="Log in and send Authorization: Bearer <token>.",
        headers={"WWW-Authenticate": 'Bearer realm="meridian"'},
    )


def bearer_token(incoming: Request) -> str:
    """Return the token of the Authorization header; 401 when there is none."""
    scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise unauthorized()
    return token.strip()


def by_token(keys: TokenKeys, audience: str) -> Authenticate:
    """Return the usual way to know who asks: a token of the gateway for ``audience``."""

    def identify(incoming: Request) -> Principal:
        try:
            claims = keys.verify(bearer_token(incoming), audience=audience)
        except TokenRefused as reason:
            raise unauthorized() from reason
        return Principal(claims.subject, claims.name, claims.roles, claims.superiors)

    return identify
