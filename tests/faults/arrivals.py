"""What has been said and has not arrived: the measure of healing, and of the end of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from libs.common.db import Database
from meridian.topography import SERVICES
from meridian.wiring import wanted_types

Databases = Mapping[str, Database]
Marks = dict[str, int]


@dataclass(frozen=True)
class Debt:
    """Messages that somebody still waits for: (consumer, id), in outboxes or on their way, and parked ones."""

    owed: frozenset[tuple[str, str]]
    parked: frozenset[tuple[str, str]]

    def __bool__(self) -> bool:
        return bool(self.owed or self.parked)

    def left(self, now: Debt) -> Debt:
        """Return what of this debt is still owed ``now``."""
        return Debt(self.owed & now.owed, self.parked & now.parked)

    def told(self) -> str:
        """Say it in a few words."""
        return f"{len(self.owed)} messages on their way, {len(self.parked)} parked"


def marks(databases: Databases) -> Marks:
    """Return how far each service's log goes now."""
    return {
        service: int(_column(databases[service], "SELECT COALESCE(MAX(seq), 0) FROM event_log")[0])
        for service in SERVICES
    }


def debt(databases: Databases, since: Marks) -> Debt:
    """Return what was said after ``since`` and has not been taken in; dead letters are nobody's debt."""
    said: dict[str, list[tuple[str, str]]] = {
        service: _rows(
            databases[service],
            "SELECT event_id, type FROM event_log WHERE seq > :since",
            since=since[service],
        )
        for service in SERVICES
    }
    owed: set[tuple[str, str]] = set()
    waiting: set[tuple[str, str]] = set()
    for consumer, types in wanted_types().items():
        wanted = set(types)
        due = {str(id_) for rows in said.values() for id_, type_ in rows if type_ in wanted}
        due -= {str(id_) for id_ in _column(databases[consumer], "SELECT event_id FROM inbox")}
        parked = dict(_rows(databases[consumer], "SELECT event_id, state FROM parked"))
        waiting |= {(consumer, str(id_)) for id_, state in parked.items() if state == "retry"}
        owed |= {(consumer, id_) for id_ in due - {str(id_) for id_ in parked}}
    for service in SERVICES:
        owed |= {
            (f"outbox of {service}", str(i))
            for i in _column(databases[service], "SELECT event_id FROM outbox")
        }
    return Debt(frozenset(owed), frozenset(waiting))


def living_sagas(databases: Databases) -> list[str]:
    """Return the sagas that have not ended."""
    query = "SELECT key FROM saga WHERE state NOT IN ('done', 'compensated')"
    return [str(key) for key in _column(databases["sales"], query)]


_MADE = {
    "quotation": ("sales", "SELECT id FROM quotation"),
    "order": ("sales", "SELECT id FROM sales_order"),
    "shipment": ("inventory", "SELECT id FROM delivery WHERE state IN ('shipped', 'delivered')"),
    "payment": ("finance", "SELECT id FROM payment"),
    "customer": ("crm", "SELECT id FROM customer"),
    "ticket": ("service_desk", "SELECT id FROM ticket WHERE opened_by <> 'meridian'"),
}


def made(databases: Databases) -> dict[str, set[str]]:
    """Return the ids of everything that clients can make, by kind."""
    return {
        kind: {str(id_) for id_ in _column(databases[store], query)} for kind, (store, query) in _MADE.items()
    }


def order_states(databases: Databases) -> dict[str, str]:
    """Return the state of each order."""
    return {str(id_): state for id_, state in _rows(databases["sales"], "SELECT id, state FROM sales_order")}


def _rows(database: Database, statement: str, **parameters: object) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(text(statement), parameters)]


def _column(database: Database, statement: str) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(text(statement)).scalars())
