"""The doors of a served system: the gateway, and each service where a caller could meet it without the gateway."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
import waitress

from libs.common.web import SigningKeys, TokenKeys
from meridian.target import Target
from meridian.topography import GATEWAY, SERVICES
from meridian.wiring import PARTS
from tests.security.served import Served

AUDIENCE = "meridian-gateway"


@dataclass(frozen=True)
class Door:
    """Something that answers HTTP, and for whom a token must be made out to be let in there."""

    name: str
    url: str
    audience: str

    def document(self, keys: SigningKeys) -> dict[str, Any]:
        """Return the OpenAPI document that is served there."""
        token = keys.sign(subject="hostile", audience=self.audience, roles=["admin"])
        answer = urllib3.request(
            "GET", f"{self.url}/openapi.json", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        assert answer.status == 200, f"{self.name}: {answer.status}"
        document: dict[str, Any] = json.loads(answer.data)
        return document


def gateway_of(running: Served) -> Door:
    """Return the door that everybody uses."""
    return Door(GATEWAY, running.url, AUDIENCE)


@contextmanager
def doors(running: Served) -> Iterator[dict[str, Door]]:
    """Yield every door; the embedded shape has none at its services, so they are given some, over the same files."""
    urls = running.system.target.service_urls
    with _opened(running.system.target) if not urls else _as_they_are(urls) as found:
        services = {name: Door(name, url, name) for name, url in found.items()}
        yield {GATEWAY: gateway_of(running)} | services


@contextmanager
def _as_they_are(urls: dict[str, str]) -> Iterator[dict[str, str]]:
    yield urls


@contextmanager
def _opened(target: Target) -> Iterator[dict[str, str]]:
    with target.opened() as databases:
        keys = TokenKeys.from_file(target.token_keys)
        servers = {
            name: waitress.create_server(
                PARTS[name].create_app(databases[name], keys), host="127.0.0.1", port=0, threads=4
            )
            for name in SERVICES
        }
        threads = [threading.Thread(target=server.run, daemon=True) for server in servers.values()]
        for thread in threads:
            thread.start()
        try:
            yield {name: f"http://127.0.0.1:{server.effective_port}" for name, server in servers.items()}
        finally:
            for server in servers.values():
                server.close()
            for thread in threads:
                thread.join(timeout=10)
