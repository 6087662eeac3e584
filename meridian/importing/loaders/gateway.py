"""Users."""

from __future__ import annotations

from gateway.auth.passwords import Passwords, require_strong
from gateway.auth.users import add_user
from gateway.store.users import find_by_username
from libs.common.errors import Invalid
from meridian.importing.batch import Batch


def users(batch: Batch) -> None:
    """Add each user with the password that was given for the name; a user without one cannot log in yet."""
    hashing = Passwords()
    known = [row["username"] for row in batch.rows if find_by_username(batch.tx.connection, row["username"])]
    for row in batch.fresh(known, lambda row: row["username"], "username"):
        with batch.taking(row):
            password = batch.passwords.get(row["username"])
            if password is None:
                raise Invalid("has no password", field="username", cure="add users at the gateway instead")
            require_strong(password, row["username"])
            add_user(
                batch.tx,
                username=row["username"],
                name=row["name"],
                roles=row["roles"].split(),
                password_hash=hashing.hash(password),
            )
