"""Users, for administrators."""

from __future__ import annotations

from typing import Any

from gateway.api.direct import direct
from gateway.api.parts import parts
from gateway.auth.passwords import LONGEST, require_strong
from gateway.auth.users import User, add_user, change_user, list_users, one_user, set_password
from libs.common.db import Cause, Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from libs.common.web.principal import ROLES

users = Noun("users", "/api/v1/users", description="Users and their roles")
_ROLES = sorted(ROLES - {"api_client"})
_SEERS = ("admin", "sales_manager")
SUPERIOR = {
    "description": "Who decides on what this user asks for, where an approval flow asks the superior."
}


class UserOut(Strict):
    """A user."""

    id = fields.IdField()
    username = fields.Text(max=64)
    name = fields.Text(max=200)
    roles = fields.ListOf(fields.Choice(*sorted(ROLES)))
    active = fields.Flag()
    version = fields.CountField()
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    superior_id = fields.IdField(allow_none=True, metadata=SUPERIOR)


class UserIn(Strict):
    """A new user."""

    username = fields.Text(max=64, least=2, pattern=r"[A-Za-z0-9][A-Za-z0-9._@-]*", required=True)
    name = fields.Text(max=200, required=True)
    roles = fields.ListOf(fields.Choice(*_ROLES), required=True)
    password = fields.Text(max=LONGEST, required=True)
    superior_id = fields.IdField(allow_none=True, metadata=SUPERIOR)


class UserChange(Strict):
    """What to change of a user."""

    name = fields.Text(max=200)
    roles = fields.ListOf(fields.Choice(*_ROLES))
    active = fields.Flag()
    superior_id = fields.IdField(allow_none=True, metadata=SUPERIOR)


class NewPassword(Strict):
    """A password that an administrator sets for a user."""

    password = fields.Text(max=LONGEST, required=True)


@direct(
    users,
    "POST",
    "",
    roles=("admin",),
    body=UserIn,
    answer=UserOut,
    status=201,
    summary="Add a user",
    refusals=(409,),
)
def create(body: dict[str, Any]) -> User:
    """Add a user who may log in at once."""
    require_strong(body["password"], body["username"])
    here = parts()
    password_hash = here.passwords.hash(body["password"])
    told = {name: given for name, given in body.items() if name != "password"}
    cause = Cause(actor=principal().subject)
    return here.database.transact(lambda tx: add_user(tx, password_hash=password_hash, **told), cause=cause)


@users.query("/", answer=UserOut, roles=_SEERS, paged=True, summary="Users by login name")
def index(connection: Connection, page: PageRequest) -> Page:
    """List users."""
    after = str(page.after[0]) if page.after else None
    found = list_users(connection, after=after, limit=page.limit + 1)
    return Page.of(found, page, key=lambda user: (user.username,))


@users.query("/<uuid:user_id>", answer=UserOut, roles=_SEERS, summary="One user")
def show(connection: Connection, user_id: str) -> User:
    """Show a user."""
    return one_user(connection, user_id)


@users.command(
    "PATCH", "/<uuid:user_id>", body=UserChange, answer=UserOut, roles=("admin",), summary="Change a user"
)
def change(tx: Transaction, body: dict[str, Any], user_id: str) -> User:
    """Change name, roles or activity; lesser rights end the user's sessions."""
    return change_user(tx, user_id, expected_version=expected_version(), **body)


@users.command("DELETE", "/<uuid:user_id>", roles=("admin",), summary="Deactivate a user")
def deactivate(tx: Transaction, user_id: str) -> None:
    """Deactivate a user; the id stays, because histories name it."""
    change_user(tx, user_id, expected_version=expected_version(), active=False)


@direct(
    users,
    "PUT",
    "/<uuid:user_id>/password",
    roles=("admin",),
    body=NewPassword,
    summary="Set a user's password; their sessions end",
    refusals=(404,),
)
def reset_password(body: dict[str, str], user_id: str) -> None:
    """Set another's password."""
    here = parts()
    user = here.database.read(lambda connection: one_user(connection, user_id))
    require_strong(body["password"], user.username)
    password_hash = here.passwords.hash(body["password"])
    here.database.transact(lambda tx: set_password(tx, user_id, password_hash))
