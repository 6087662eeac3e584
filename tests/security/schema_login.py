"""What Schemathesis loads before it starts: logging in as the person of this run, again before the token expires."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import schemathesis
import urllib3

PATIENCE_S = 60.0


@schemathesis.auth(refresh_interval=240)
class Login:
    """A token of the person whom the environment names."""

    def get(self, _case: Any, _context: Any) -> str:
        """Log in."""
        body = {"username": os.environ["HOSTILE_USERNAME"], "password": os.environ["HOSTILE_PASSWORD"]}
        until = time.monotonic() + PATIENCE_S
        while True:
            answer = urllib3.request("POST", os.environ["HOSTILE_URL"] + "/api/v1/auth/login", json=body)
            if answer.status == 200:
                return str(json.loads(answer.data)["access_token"])
            assert time.monotonic() < until, f"login: {answer.status} {answer.data[:200]!r}"
            time.sleep(1)

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Put the token into the request, unless the attack is about the header itself."""
        case.headers = case.headers or {}
        case.headers.setdefault("Authorization", f"Bearer {data}")
