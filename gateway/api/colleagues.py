"""Who does things here, by name: what everybody may know of everybody, so that screens need show no ids."""

from __future__ import annotations

from gateway.auth.colleagues import PERSON, PROGRAM, list_colleagues
from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from libs.common.web.principal import ROLES

colleagues = Noun("colleagues", "/api/v1/colleagues", description="Names of people and programs")
_STAFF = tuple(sorted(ROLES - {"api_client"}))


class ColleagueOut(Strict):
    """Somebody who works or worked here, or a program that has or had a key."""

    id = fields.IdField()
    name = fields.Text(max=200)
    kind = fields.Choice(PERSON, PROGRAM)
    active = fields.Flag(metadata={"description": "Whether they may still come in."})


@colleagues.query(
    "/", answer=ColleagueOut, roles=_STAFF, paged=True, summary="Names of people and programs by id"
)
def index(connection: Connection, page: PageRequest) -> Page:
    """List who does things here. By id, not by login name: a cursor would tell the login name it ends with."""
    after = str(page.after[0]) if page.after else None
    found = list_colleagues(connection, after=after, limit=page.limit + 1)
    return Page.of(found, page, key=lambda each: (each.id,))
