"""First passwords are such as the gateway takes."""

from __future__ import annotations

import secrets

from gateway.auth.passwords import require_strong
from meridian.logins import first_password


def test_a_first_password_in_which_the_users_name_stands_by_chance_is_drawn_again(monkeypatch) -> None:
    drawn = iter(("aNEd4fGh5kLm", "x3ned-fGh5kL", "q7Rt2wYz8PbX"))
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _bytes: next(drawn))

    password = first_password("ned")

    require_strong(password, "ned")
    assert password == "q7Rt2wYz8PbX"
