"""What an administrator does with users. A user is never deleted: their id stands in the histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.store import sessions
from gateway.store import users as store
from gateway.store.users import User
from libs.common.db import Connection, Transaction
from libs.common.errors import Invalid, NotFound, Refused, VersionMismatch
from libs.common.web.principal import ROLES

__all__ = [
    "LastAdmin",
    "SuperiorInCircle",
    "UnknownSuperior",
    "User",
    "UsernameTaken",
    "add_user",
    "change_user",
    "find_user",
    "list_users",
    "one_user",
    "set_password",
]


class UsernameTaken(Refused):
    """Another user has this login name."""

    code = "username_taken"


class LastAdmin(Refused):
    """Without this user nobody could administer users any more."""

    code = "last_admin"


class UnknownSuperior(Invalid):
    """There is no such user, or none who is active."""

    code = "unknown_superior"
    usual_cure = "choose an active user from GET /api/v1/users"


class SuperiorInCircle(Invalid):
    """A user would be above themselves."""

    code = "superior_in_circle"
    usual_cure = "choose somebody who is not below this user, or change who is above whom first"


def _checked_roles(roles: Iterable[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(roles)))
    unknown = [role for role in found if role not in ROLES]
    if unknown or not found:
        raise Invalid(
            f"Not a role: {', '.join(unknown)}." if unknown else "A user needs at least one role.",
            field="roles",
            cure=f"Choose of: {', '.join(sorted(ROLES))}.",
        )
    return found


def add_user(
    tx: Transaction,
    *,
    username: str,
    name: str,
    roles: Iterable[str],
    password_hash: str,
    user_id: str | None = None,
    superior_id: str | None = None,
) -> User:
    """Store a new user with the hash of their password; ``UsernameTaken`` when the name is in use.

    Nobody can be below a user who was not there before, so no circle can close.
    """
    if store.find_by_username(tx.connection, username) is not None:
        raise UsernameTaken(
            f"There is a user {username.lower()} already.", field="username", cure="Choose another name."
        )
    user = User(
        id=user_id or tx.new_id(),
        username=username.lower(),
        name=name,
        password_hash=password_hash,
        roles=_checked_roles(roles),
        active=True,
        version=1,
        created_at=tx.now,
        updated_at=tx.now,
        superior_id=superior_id,
    )
    if superior_id is not None:
        _require_superior(store.find(tx.connection, superior_id))
    store.add(tx, user)
    return user


def one_user(connection: Connection, user_id: str) -> User:
    """Return a user; ``NotFound`` when there is none of this id."""
    found = store.find(connection, user_id)
    if found is None:
        raise NotFound("There is no such user.")
    return found


def find_user(connection: Connection, user_id: str) -> User | None:
    """Return a user; ``None`` when the id is a program's or nobody's."""
    return store.find(connection, user_id)


def list_users(connection: Connection, *, after: str | None, limit: int) -> list[User]:
    """Return users by login name, those behind ``after``."""
    return store.index(connection, after=after, limit=limit)


def change_user(
    tx: Transaction,
    user_id: str,
    *,
    expected_version: int | None,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    active: bool | None = None,
    **above: str | None,
) -> User:
    """Change what is given. Taking roles away or deactivating ends the user's sessions.

    ``superior_id`` may be given as nobody. All users are locked: two administrators who would close a circle together
    take turns, and the second one finds it.
    """
    everyone = store.lock_all(tx)
    user = next((other for other in everyone if other.id == user_id), None)
    if user is None:
        raise NotFound("There is no such user.")
    if expected_version is not None and expected_version != user.version:
        raise VersionMismatch("The user was changed meanwhile.", cure="Read it again.", version=user.version)
    changed = replace(
        user,
        name=user.name if name is None else name,
        roles=user.roles if roles is None else _checked_roles(roles),
        active=user.active if active is None else active,
    )
    if "superior_id" in above:
        changed = replace(changed, superior_id=above["superior_id"])
        _check_superior(changed, {other.id: other for other in everyone})
    _keep_an_admin([changed if other.id == user_id else other for other in everyone])
    if not changed.active or set(user.roles) - set(changed.roles):
        sessions.end_all(tx, user_id, "user_changed")
    return store.save(tx, changed)


def _require_superior(superior: User | None) -> None:
    if superior is None or not superior.active:
        raise UnknownSuperior("There is no such active user.", field="superior_id")


def _check_superior(user: User, everyone: dict[str, User]) -> None:
    """Refuse a superior who is not there, and one who is below the user, naming the way."""
    if user.superior_id is None:
        return
    _require_superior(everyone.get(user.superior_id))
    way = [user.username]
    above: str | None = user.superior_id
    while above is not None:
        superior = everyone[above]
        way.append(superior.username)
        if superior.id == user.id:
            raise SuperiorInCircle(
                f"{user.username} would be above themselves.", field="superior_id", way=" > ".join(way)
            )
        above = superior.superior_id


def _keep_an_admin(everyone: list[User]) -> None:
    if not any(user.active and "admin" in user.roles for user in everyone):
        raise LastAdmin(
            "This user is the last administrator.", cure="Make another user an administrator first."
        )


def set_password(tx: Transaction, user_id: str, password_hash: str) -> None:
    """Replace a user's password by another's decision; all their sessions end."""
    one_user(tx.connection, user_id)
    store.set_password_hash(tx, user_id, password_hash)
    sessions.end_all(tx, user_id, "password_reset")
