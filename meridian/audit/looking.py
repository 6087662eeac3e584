"""How the checks look into databases, and what is still on its way between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, text

from libs.common.db import Database
from libs.common.db.types import Utc

Databases = Mapping[str, Database]


def rows(database: Database, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Return what a statement gives; a parameter ``since`` is a time."""
    query = text(statement)
    if "since" in parameters:
        query = query.bindparams(bindparam("since", type_=Utc))
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query, parameters)]


def pairs(database: Database, statement: str) -> dict[str, Any]:
    """Return the second column of what a statement gives, by the first as text."""
    return {str(row[0]): row[1] for row in rows(database, statement)}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """Give the keys whose values differ, or that only one of the two has."""
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            yield key


def on_the_way(databases: Databases, source: str, type_: str, field: str) -> set[str]:
    """Return the values of ``field`` in messages that wait in an outbox or are parked with a subscriber."""
    envelopes = rows(databases[source], "SELECT envelope FROM outbox WHERE type = :type", type=type_)
    for database in databases.values():
        envelopes += rows(database, "SELECT envelope FROM parked WHERE type = :type", type=type_)
    return {json.loads(envelope)["data"][field] for (envelope,) in envelopes}
