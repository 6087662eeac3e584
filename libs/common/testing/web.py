"""A client for tests that carries a valid token of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from libs.common.web.edge import EXTENSION
from libs.common.web.tokens import SigningKeys


class ApiClient(FlaskClient):
    """Signs a fresh token for every request, so that a moved clock does not expire it."""

    token: Callable[[], str]

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request with a token, unless it brings an Authorization header of its own."""
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Authorization", f"Bearer {self.token()}")
        return super().open(*args, headers=headers, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Send GET."""
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        """Send POST."""
        return super().post(*args, **kwargs)

    def put(self, *args: Any, **kwargs: Any) -> Any:
        """Send PUT."""
        return super().put(*args, **kwargs)

    def patch(self, *args: Any, **kwargs: Any) -> Any:
        """Send PATCH."""
        return super().patch(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Send DELETE."""
        return super().delete(*args, **kwargs)


def api_client(
    app: Flask,
    keys: SigningKeys,
    *,
    roles: Iterable[str] = ("admin",),
    subject: str = "00000000-0000-7000-8000-0000000000aa",
    name: str = "Test",
    superiors: Iterable[str] = (),
) -> ApiClient:
    """Return a client that acts as ``subject`` with ``roles``; ``keys`` must be those that ``app`` verifies with."""
    audience = app.extensions[EXTENSION].service
    client = ApiClient(app, app.response_class)
    client.token = lambda: keys.sign(
        subject=subject, audience=audience, name=name, roles=roles, superiors=superiors
    )
    return client
