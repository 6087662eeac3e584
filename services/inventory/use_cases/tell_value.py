"""Tell what changed the value of stock, where no other message says so: once per document and transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.events import StockValued, ValuedLine
from services.inventory.store.stock import Move
from services.inventory.store.valuations import Revaluation

TOLD_BY_OTHERS = frozenset(("shipment", "transfer", "return", "supplier_return"))
"""Moves whose messages say what they are worth, or that are worth nothing."""
DOCUMENT_IS_THE_CHANGE = frozenset(("opening", "receipt", "adjustment", "consumption", "production"))
"""Moves whose document is written in one transaction, so that its id is the id of the change, too."""

NOTHING_MOVED = Quantity.zero()


@dataclass(frozen=True)
class Told:
    """A line to be told, with the document that it belongs to."""

    change_id: str
    document_id: str
    number: str
    valued_on: date
    line: ValuedLine


def tell_moves(tx: Transaction, skus: dict[str, str], moves: Iterable[Move]) -> None:
    """Tell of the moves that no other message tells of; all of a document together, just before the commit.

    So components and what was made of them are one message, whoever valued which of them first.
    """
    for move in moves:
        if move.kind in TOLD_BY_OTHERS or not move.value:
            continue
        own = move.kind in DOCUMENT_IS_THE_CHANGE
        line = ValuedLine(move.kind, move.key.item_id, skus[move.key.item_id], move.quantity, move.value)
        change_id = move.document_id if own else _change_of(tx, move.document_id)
        tx.gather(_tell, Told(change_id, move.document_id, move.reference, move.moved_on, line))


def tell_revaluation(tx: Transaction, revaluation_id: str, sku: str, new: Revaluation) -> None:
    """Tell that an item's stock became worth more or less without moving."""
    if not new.amount:
        return
    line = ValuedLine("revaluation", new.item_id, sku, NOTHING_MOVED, new.amount)
    head = (revaluation_id, revaluation_id, f"revaluation of {sku}", new.valued_on)
    tx.gather(_tell, Told(*head, line))


def _change_of(tx: Transaction, document_id: str) -> str:
    """Return the id of what a transaction does to a document that others may change again."""
    changes = tx.rooms.setdefault("changes of value", {})
    assert isinstance(changes, dict)
    if document_id not in changes:
        changes[document_id] = tx.new_id()
    found = changes[document_id]
    assert isinstance(found, str)
    return found


def _tell(tx: Transaction, told: list[Told]) -> None:
    documents: dict[str, list[Told]] = {}
    for each in told:
        documents.setdefault(each.change_id, []).append(each)
    for change_id, parts in documents.items():
        head = parts[0]
        publish(
            tx,
            StockValued(
                change_id, head.document_id, head.number, head.valued_on, tuple(part.line for part in parts)
            ),
        )
