"""Who can be meant by an id in a history: users and keys of programs, with the little that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, literal, select, union_all

from gateway.store.tables import api_key, user_account

PERSON, PROGRAM = "person", "program"


@dataclass(frozen=True)
class Colleague:
    """Somebody, or a program, by the name that screens show; ``active`` when they may still come in."""

    id: str
    name: str
    kind: str
    active: bool


def index(connection: Connection, *, after: str | None, limit: int) -> list[Colleague]:
    """Return users and keys by id, those behind ``after``; who has left and what was revoked stay among them."""
    users = select(
        user_account.c.id, user_account.c.name, literal(PERSON).label("kind"), user_account.c.active
    )
    keys = select(
        api_key.c.id, api_key.c.name, literal(PROGRAM).label("kind"), api_key.c.revoked_at.is_(None)
    )
    everyone = union_all(users, keys).subquery()
    query = select(everyone).order_by(everyone.c.id).limit(limit)
    if after is not None:
        query = query.where(everyone.c.id > after)
    return [Colleague(*row) for row in connection.execute(query)]
