"""What Schemathesis loads before it starts: the token of the person of this run, made anew before it expires.

It is made with the system's own key, as the gateway does it: logging in would be slowed down by the wrong passwords
that the very same run sends, and a service takes no user's token but the gateway's.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import schemathesis

from libs.common.web import SigningKeys

RENEWED_S = 40
LIFETIME = timedelta(seconds=60)


@schemathesis.auth(refresh_interval=RENEWED_S, retry_on=[])
class Login:
    """A token of the person whom the environment names. A 401 is an answer like others and renews nothing."""

    def get(self, _case: Any, _context: Any) -> str:
        """Sign one."""
        return SigningKeys.load(os.environ["HOSTILE_KEYS"]).sign(
            subject=os.environ["HOSTILE_SUBJECT"],
            audience=os.environ["HOSTILE_AUDIENCE"],
            name="Hostile",
            roles=os.environ["HOSTILE_ROLES"].split(),
            lifetime=LIFETIME,
        )

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Put the token into the request, unless the attack is about the header itself."""
        case.headers = case.headers or {}
        case.headers.setdefault("Authorization", f"Bearer {data}")
