"""Users."""

from __future__ import annotations

from gateway.auth.passwords import Passwords, require_strong
from gateway.auth.users import add_user
from gateway.store.users import find_by_username
from meridian.importing.batch import Batch
from meridian.logins import first_password


def users(batch: Batch) -> None:
    """Add each user with the password that was given for the name, or with a new one that is told at the end."""
    hashing = Passwords()
    known = [row["username"] for row in batch.rows if find_by_username(batch.tx.connection, row["username"])]
    for row in batch.fresh(known, lambda row: row["username"], "username"):
        with batch.taking(row):
            password = batch.passwords.get(row["username"]) or _new_password(batch, row["username"])
            require_strong(password, row["username"])
            add_user(
                batch.tx,
                username=row["username"],
                name=row["name"],
                roles=row["roles"].split(),
                password_hash=hashing.hash(password),
            )


def _new_password(batch: Batch, username: str) -> str:
    password = first_password(username)
    batch.new_passwords[username] = password
    return password
