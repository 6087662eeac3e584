"""Rows of one kind over HTTP: what they hold, and bringing them in."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.importing import Format
from libs.common.importing_api.mount import ImportMount
from libs.common.importing_api.schemas import ImportFormatOut, ImportOut, import_schema
from libs.common.importing_api.taking import Outcome, Sent, take_rows
from libs.common.web import Noun

ROLES = ("admin",)


def imports_noun(mount: ImportMount) -> Noun:
    """Return the routes that bring in rows of the mount's format."""
    noun = Noun(
        f"{mount.noun.replace('-', '_')}_imports",
        f"/api/v1{mount.prefix}",
        description=f"Bringing {mount.name} in from rows",
    )

    @noun.command(
        "POST",
        "/",
        body=import_schema(mount),
        answer=ImportOut,
        roles=ROLES,
        summary=f"Bring {mount.name} in, or try to",
    )
    def bring(tx: Transaction, body: dict[str, Any]) -> Outcome:
        """Take all rows or, if anything is wrong with any, none; or tell what would come of it."""
        sent = [Sent(**row) for row in body["rows"]]
        loader = mount.loader(tx, body.get("owners", {}))
        return take_rows(
            tx,
            mount.format,
            loader,
            sent,
            preview=body["preview"],
            skip_existing=body["skip_existing"],
        )

    @noun.query("/format", answer=ImportFormatOut, roles=ROLES, summary=f"What rows of {mount.name} hold")
    def describe(connection: Connection) -> dict[str, Any]:
        """Tell which columns there are."""
        return _described(mount.format)

    return noun


def _described(format: Format) -> dict[str, Any]:
    return {
        "kind": format.name,
        "file": format.file,
        "key": list(format.key),
        "belongs_by": list(format.belongs_by),
        "columns": [
            {
                "name": column.name,
                "required": column.required,
                "meaning": column.meaning,
                "example": column.example,
            }
            for column in format.columns
        ],
    }
