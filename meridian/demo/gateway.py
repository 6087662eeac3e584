"""A patient client of the gateway: it logs in, names each act, and repeats what got no answer under the same name."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import urllib3

from libs.common.clock import pause

PATIENCE_S = 120.0
_AGAIN = frozenset({429, 502, 503, 504})


class ActFailed(RuntimeError):
    """The gateway refused an act for good; the message carries its problem document."""

    def __init__(self, method: str, path: str, status: int, problem: Any) -> None:
        super().__init__(f"{method} {path} -> {status}: {json.dumps(problem, ensure_ascii=False)[:600]}")
        self.status = status
        self.problem = problem


class Gateway:
    """One address, one pool of connections, any number of people."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.pool = urllib3.PoolManager(
            maxsize=16, retries=False, timeout=urllib3.Timeout(connect=3, read=60)
        )

    def wait_until_ready(self, patience_s: float = PATIENCE_S) -> None:
        """Return once the gateway says it is ready; ``TimeoutError`` when it does not in time."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            try:
                if self.pool.request("GET", f"{self.base_url}/health/ready").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            pause(0.2)
        raise TimeoutError(f"{self.base_url} did not become ready within {patience_s:.0f} s")


class Person:
    """A user at the gateway; every act bears a key, so that repeating it changes nothing twice."""

    def __init__(self, gateway: Gateway, username: str, password: str) -> None:
        self._gateway = gateway
        self.username = username
        self.password = password
        self._token: str | None = None
        self._login_lock = threading.Lock()

    def get(self, path: str, **query: str) -> Any:
        """Return what stands at ``path``."""
        return self._act("GET", path, query=query)

    def every(self, path: str, **query: str) -> list[Any]:
        """Return all items of a paged list."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            asked = query | {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = self.get(path, **asked)
            items += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return items

    def post(self, path: str, body: Any, *, key: str, wait_s: int = 0) -> Any:
        """Order something, once: the same ``key`` gives the same answer again."""
        headers = {"Idempotency-Key": key} | ({"Prefer": f"wait={wait_s}"} if wait_s else {})
        return self._act("POST", path, body=body, headers=headers)

    def put(self, path: str, body: Any) -> Any:
        """Set something to a value."""
        return self._act("PUT", path, body=body)

    def patch(self, path: str, body: Any) -> Any:
        """Change what is given of something."""
        return self._act("PATCH", path, body=body)

    def _act(
        self, method: str, path: str, *, body: Any = None, query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:  # fmt: skip
        until = time.monotonic() + PATIENCE_S
        delay = 0.05
        was_refused = False
        while True:
            token = self._token
            answer = self._once(method, path, body, query, headers)
            if answer is not None and answer.status == 401 and not was_refused:
                was_refused = True
                self._forget(token)
                continue
            if answer is not None and answer.status not in _AGAIN:
                break
            if time.monotonic() > until:
                raise TimeoutError(f"{method} {path}: no answer within {PATIENCE_S:.0f} s")
            pause(delay)
            delay = min(delay * 2, 2.0)
        document = json.loads(answer.data) if answer.data else None
        if answer.status >= 400:
            raise ActFailed(method, path, answer.status, document)
        return document

    def _once(
        self, method: str, path: str, body: Any, query: dict[str, str] | None, headers: dict[str, str] | None
    ) -> urllib3.BaseHTTPResponse | None:
        try:
            sent = {"Authorization": f"Bearer {self._bearer()}"} | (headers or {})
            url = f"{self._gateway.base_url}/api/v1{path}"
            if method == "GET":
                return self._gateway.pool.request("GET", url, fields=query, headers=sent)
            sent["Content-Type"] = "application/json"
            return self._gateway.pool.request(method, url, body=json.dumps(body).encode(), headers=sent)
        except urllib3.exceptions.HTTPError:
            return None

    def _forget(self, token: str | None) -> None:
        """Log in anew for the next act, unless that was done since ``token`` was the one."""
        with self._login_lock:
            if self._token == token:
                self._token = None

    def _bearer(self) -> str:
        with self._login_lock:
            if self._token is None:
                self._token = self._login()
            return self._token

    def _login(self) -> str:
        answer = self._gateway.pool.request(
            "POST",
            f"{self._gateway.base_url}/api/v1/auth/login",
            body=json.dumps({"username": self.username, "password": self.password}).encode(),
            headers={"Content-Type": "application/json"},
        )
        if answer.status != 200:
            if answer.status in _AGAIN:
                raise urllib3.exceptions.HTTPError(f"login: {answer.status}")
            raise ActFailed("POST", "/auth/login", answer.status, json.loads(answer.data))
        token: str = json.loads(answer.data)["access_token"]
        return token
