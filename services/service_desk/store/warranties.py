"""For how long items are under warranty, from which day on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import Transaction, Upsert, rows_among
from services.service_desk.domain.warranty import Term
from services.service_desk.store.course_tables import warranty_term

_TERM = (warranty_term.c.item_id, warranty_term.c.valid_from, warranty_term.c.months)
_PUT = Upsert(
    warranty_term,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["item_id", "valid_from"],
        set_={name: insert.excluded[name] for name in ("months", "set_by", "set_at")},
    ),
)


def put(tx: Transaction, term: Term, by: str) -> None:
    """Store a term; what was said for the same day before is replaced."""
    tx.connection.execute(_PUT.on(tx.connection), vars(term) | {"set_by": by, "set_at": tx.now})


def of_items(connection: Connection, item_ids: Iterable[str]) -> dict[str, list[Term]]:
    """Return all terms of the items, by item, in the order of their days."""
    found: dict[str, list[Term]] = {}
    for row in rows_among(connection, select(*_TERM), warranty_term.c.item_id, item_ids):
        found.setdefault(row.item_id, []).append(Term(**row._asdict()))
    return {item_id: sorted(terms, key=lambda term: term.valid_from) for item_id, terms in found.items()}
