"""People who may log in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground

PASSWORD = "correct horse battery"


class Users(Ground):
    """People made for being looked at, changed and logged in."""

    @cached_property
    def user(self) -> Any:
        return self.fresh_user()

    def fresh_user(self) -> Any:
        body = {"username": self.named("pat"), "name": "Pat", "roles": ["sales"], "password": PASSWORD}
        return self.post("admin", "/users", body)

    def login(self, username: str, password: str = PASSWORD) -> Any:
        """Return the tokens of a new session."""
        return self.post("admin", "/auth/login", {"username": username, "password": password})
