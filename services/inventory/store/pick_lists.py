"""Pick lists and the notes on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, exists, insert, select, update

from libs.common.db import Transaction, upsert_into
from services.inventory.domain.pick_list import PickList
from services.inventory.store.fulfilment_tables import pick_list, pick_list_note
from services.inventory.store.tables import delivery

_HEAD = ("id", "number", "warehouse_id", "state", "version")


def ready_notes(
    connection: Connection, warehouse_id: str, *, promised_by: date | None, most: int
) -> list[str]:
    """Return up to ``most`` notes of a warehouse that are ready and on no list, the earliest promise first."""
    listed = exists().where(pick_list_note.c.delivery_id == delivery.c.id, pick_list_note.c.active)
    statement = select(delivery.c.id).where(
        delivery.c.state == "ready", delivery.c.warehouse_id == warehouse_id, ~listed
    )
    if promised_by is not None:
        statement = statement.where(delivery.c.promised_on <= promised_by)
    in_order = statement.order_by(delivery.c.promised_on.is_(None), delivery.c.promised_on, delivery.c.id)
    return list(connection.execute(in_order.limit(most)).scalars())


def add(tx: Transaction, new: PickList) -> str | None:
    """Store a new list; return a note that is on another open list, and then the list must not stay."""
    head = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(
        insert(pick_list).values(**head, made_by=tx.cause.actor, created_at=tx.now, updated_at=tx.now)
    )
    # In one order, so that two who list the same notes meet on the first of them.
    for position, delivery_id in sorted(enumerate(new.delivery_ids), key=lambda pair: pair[1]):
        row = {"pick_list_id": new.id, "delivery_id": delivery_id, "position": position, "active": True}
        statement = upsert_into(tx.connection, pick_list_note).values(**row).on_conflict_do_nothing()
        if tx.connection.execute(statement.returning(pick_list_note.c.delivery_id)).first() is None:
            return delivery_id
    return None


def keep_ready(connection: Connection, of: PickList) -> set[str]:
    """Keep the notes of a new list to this transaction; return those that are ready in its warehouse still.

    Asked once the list is stored: whoever takes a note back has its row locked, and looks for a list then.
    """
    statement = (
        select(delivery.c.id)
        .where(
            delivery.c.id.in_(sorted(of.delivery_ids)),
            delivery.c.state == "ready",
            delivery.c.warehouse_id == of.warehouse_id,
        )
        .order_by(delivery.c.id)
        .with_for_update(key_share=True)
    )
    return set(connection.execute(statement).scalars())


def being_picked(connection: Connection, delivery_ids: Collection[str]) -> set[str]:
    """Return those of the notes, whose rows are locked, that are on a list that somebody walks with."""
    query = select(pick_list_note.c.delivery_id).where(
        pick_list_note.c.delivery_id.in_(sorted(delivery_ids)), pick_list_note.c.active
    )
    return set(connection.execute(query).scalars())


def find(connection: Connection, pick_list_id: str, *, lock: bool = False) -> PickList | None:
    """Return a list with its notes in their order, or nothing; ``lock`` keeps it to this transaction."""
    statement = select(*(pick_list.c[name] for name in _HEAD)).where(pick_list.c.id == pick_list_id)
    row = connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        return None
    notes = select(pick_list_note.c.delivery_id).where(pick_list_note.c.pick_list_id == pick_list_id)
    ids = connection.execute(notes.order_by(pick_list_note.c.position)).scalars()
    return PickList(**row._asdict(), delivery_ids=tuple(ids))


def end(tx: Transaction, ended: PickList) -> bool:
    """Store that a list is picked or given up, and let its notes be; false when it was ended before."""
    statement = update(pick_list).where(pick_list.c.id == ended.id, pick_list.c.state == "open")
    values = {"state": ended.state, "version": pick_list.c.version + 1, "updated_at": tx.now}
    if tx.connection.execute(statement.values(**values)).rowcount != 1:
        return False
    notes: Sequence[str] = ended.delivery_ids
    if notes:
        free = update(pick_list_note).where(pick_list_note.c.pick_list_id == ended.id)
        tx.connection.execute(free.values(active=False))
    return True
