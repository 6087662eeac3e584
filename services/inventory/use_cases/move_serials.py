"""Move serials with the stock that they are of: as many as units, each from where it is said to be.

Called in the transaction that moves the stock, under the lock of the item; each serial is moved by one statement that
fails when it is elsewhere, so nothing rests on the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import MeridianError
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import SerialKnown, SerialNotThere
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place


@contextmanager
def renamed(before: str, after: str) -> Iterator[None]:
    """Let a refusal within name its field as the caller's request does."""
    try:
        yield
    except MeridianError as refusal:
        refusal.field = refusal.field and refusal.field.replace(before, after, 1)
        raise


@dataclass(frozen=True)
class Happening:
    """What happens to serials: its name in their history, where they are then, and the number of its document."""

    kind: str
    place: Place
    reference: str


def take_in(
    tx: Transaction, item: Item, names: Sequence[str], happening: Happening, field: str | None
) -> None:
    """Let serials be in the house that never were, were lost, or went back to a supplier; refuse any other."""
    for name in sorted(names):
        if not serials.enter(tx, item.id, name, happening.place):
            raise _known(tx, item, name, field)
    _write(tx, item.id, names, happening)


def move(
    tx: Transaction,
    item: Item,
    names: Sequence[str],
    befores: Collection[Before],
    happening: Happening,
    field: str | None,
) -> None:
    """Move serials that are as one of ``befores`` says; refuse, by name, one that is not."""
    for name in sorted(names):
        if not any(serials.change(tx, item.id, name, before, happening.place) for before in befores):
            raise not_there(tx, item, name, field)
    _write(tx, item.id, names, happening)


def put_back_picked(
    tx: Transaction, delivery_id: str, reference: str, *, names: Collection[str] | None = None
) -> None:
    """Let serials that were picked for a note lie in stock again; all of them, unless ``names`` are given."""
    for each in serials.of_document(tx.connection, delivery_id, "picked"):
        if names is not None and each.serial not in names:
            continue
        place = Place("in_stock", delivery_id, each.warehouse_id)
        if not serials.change(
            tx, each.item_id, each.serial, Before("picked", document_id=delivery_id), place
        ):
            raise RuntimeError(f"serial {each.serial} of delivery {reference} was moved under lock")
        _write(tx, each.item_id, [each.serial], Happening("put_back", place, reference))


def not_there(tx: Transaction, item: Item, name: str, field: str | None) -> SerialNotThere:
    """Return the refusal of a serial that is not where it was to be taken from."""
    known = serials.find(tx.connection, item.id, name)
    state = "not known" if known is None else known.state.replace("_", " ")
    return SerialNotThere(
        f"serial {name} of {item.sku} is {state}" + (" elsewhere" if state == "in stock" else ""),
        field=field,
        serial=name,
        state=None if known is None else known.state,
    )


def _known(tx: Transaction, item: Item, name: str, field: str | None) -> SerialKnown:
    known = serials.find(tx.connection, item.id, name)
    state = "in_stock" if known is None else known.state
    cures = {
        "shipped": "take it back by a return of its delivery",
        "scrapped": "check the number: this unit was scrapped",
        "consumed": "check the number: this unit was used up",
    }
    return SerialKnown(
        f"serial {name} of {item.sku} is {state.replace('_', ' ')} already",
        field=field,
        cure=cures.get(state, "check the number: this unit is in the house"),
        serial=name,
        state=state,
    )


def _write(tx: Transaction, item_id: str, names: Sequence[str], happening: Happening) -> None:
    if names:
        serials.write_events(tx, item_id, names, happening.kind, happening.place, happening.reference)
