"""Users."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.auth.passwords import Passwords, require_strong
from gateway.auth.users import add_user
from gateway.store.users import find_by_username
from libs.common.importing import Batch, Loader
from meridian.logins import first_password


def users(passwords: Mapping[str, str]) -> Loader:
    """Return a loader that adds each user.

    The password is the one of ``passwords`` by the user's name, or a new one, which is told at the end.
    """

    def load(batch: Batch) -> None:
        hashing = Passwords()
        known = [
            row["username"] for row in batch.rows if find_by_username(batch.tx.connection, row["username"])
        ]
        for row in batch.fresh(known, lambda row: row["username"], "username"):
            with batch.taking(row):
                password = passwords.get(row["username"]) or _new_password(batch, row["username"])
                require_strong(password, row["username"])
                add_user(
                    batch.tx,
                    username=row["username"],
                    name=row["name"],
                    roles=row["roles"].split(),
                    password_hash=hashing.hash(password),
                )

    return load


def _new_password(batch: Batch, username: str) -> str:
    password = first_password(username)
    batch.new_passwords[username] = password
    return password
