"""Keys for programs, for administrators."""

from __future__ import annotations

from typing import Any

from gateway.api.direct import direct
from gateway.api.parts import parts
from gateway.auth.api_keys import add_api_key, list_api_keys, revoke_api_key
from libs.common.db import Cause, Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal

api_keys = Noun("api-keys", "/api/v1/api-keys", description="Keys for programs (role api_client)")


class ApiKeyIn(Strict):
    """A new key."""

    name = fields.Text(max=120, required=True, metadata={"description": "Which program it is for."})


class ApiKeyOut(Strict):
    """A key, without its secret."""

    id = fields.IdField()
    name = fields.Text(max=120)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    revoked_at = fields.UtcField(allow_none=True)
    revoked_by = fields.Text(max=64, allow_none=True)


class NewApiKeyOut(ApiKeyOut):
    """A new key with its secret, which is shown this once."""

    key = fields.Text(max=200, metadata={"description": "Send it as X-API-Key."})


@direct(
    api_keys,
    "POST",
    "",
    roles=("admin",),
    body=ApiKeyIn,
    answer=NewApiKeyOut,
    status=201,
    summary="Make a key; its secret is shown this once",
)
def create(body: dict[str, str]) -> dict[str, Any]:
    """Make a key."""
    by = principal().subject
    key, text = parts().database.transact(
        lambda tx: add_api_key(tx, name=body["name"], created_by=by), cause=Cause(actor=by)
    )
    return {**vars(key), "key": text}


@api_keys.query("/", answer=ApiKeyOut, roles=("admin",), paged=True, summary="Keys, oldest first")
def index(connection: Connection, page: PageRequest) -> Page:
    """List keys."""
    after = str(page.after[0]) if page.after else None
    found = list_api_keys(connection, after=after, limit=page.limit + 1)
    return Page.of(found, page, key=lambda key: (key.id,))


@api_keys.command("DELETE", "/<uuid:key_id>", roles=("admin",), summary="Revoke a key at once")
def revoke(tx: Transaction, key_id: str) -> None:
    """Revoke a key."""
    revoke_api_key(tx, key_id, principal().subject)
