"""How the checks look into databases, and what is still on its way between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, text

from libs.common.db import Database
from libs.common.db.types import Utc

Databases = Mapping[str, Database]
MOVES_WHAT_IS_OPEN = (
    "finance.invoice.posted.v1",
    "finance.payment.allocated.v1",
    "finance.credit_note.allocated.v1",
    "finance.write_off.posted.v1",
    "finance.write_off.reversed.v1",
    "finance.cash_discount.granted.v1",
    "finance.cash_discount.reversed.v1",
)
"""What tells of an invoice that something became open, or was settled."""


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


def signed_for(databases: Databases, orders: Mapping[str, Any]) -> dict[str, int]:
    """Return what customers took of each delivery of these orders, where that is anything.

    That is what was shipped less what was refused at the door, and less what had come back before anybody signed.
    """
    taken = {
        str(delivery): int(quantity)
        for delivery, order, quantity in rows(
            databases["inventory"],
            "SELECT d.id, d.order_id, SUM(l.quantity_milli) FROM delivery d "
            "JOIN delivery_line l ON l.delivery_id = d.id WHERE d.state = 'delivered' GROUP BY d.id, d.order_id",
        )
        if str(order) in orders
    }
    refused = pairs(
        databases["inventory"],
        "SELECT p.delivery_id, SUM(l.quantity_milli) FROM proof_of_delivery p "
        "JOIN goods_return_line l ON l.return_id = p.return_id GROUP BY p.delivery_id",
    )
    back = pairs(
        databases["finance"],
        "SELECT delivery_id, SUM(back_before_milli) FROM travelling GROUP BY delivery_id",
    )
    left = {key: value - int(refused.get(key, 0)) - int(back.get(key, 0)) for key, value in taken.items()}
    return {key: value for key, value in left.items() if value}
