"""Say how long lots must still last as they are delivered, and let one go that does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.fulfilment_errors import LotNotOnNote
from services.inventory.domain.lots import require_fresh
from services.inventory.domain.shelf_life import (
    ShelfLifeRule,
    ShelfLifeScopeAmbiguous,
    ShelfLifeScopeUnknown,
    ShortDatedAllowed,
)
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.store import customers, deliveries, items, picking, shelf_lives


@dataclass(frozen=True)
class SetShelfLife:
    """How many days lots must last: of an item or all, for a customer, a group or everybody. 0: no demand any more."""

    days: int
    item_id: str | None = None
    customer_id: str | None = None
    customer_group: str | None = None


@dataclass(frozen=True)
class AllowShortDated:
    """Which lot of an item may leave with a note's order ``today`` although it does not last long enough, and why."""

    delivery_id: str
    item_id: str
    lot: str
    reason: str
    today: date


def set_shelf_life(tx: Transaction, command: SetShelfLife) -> ShelfLifeRule:
    """Set the rule of a scope; what is promised already stays, and is looked at again as it is picked and leaves."""
    new = ShelfLifeRule(tx.new_id(), **vars(command))
    if new.customer_id is not None and new.customer_group is not None:
        raise ShelfLifeScopeAmbiguous("a customer and a group are named", field="customer_group")
    if new.customer_id is not None and customers.find(tx.connection, new.customer_id) is None:
        raise ShelfLifeScopeUnknown("there is no such customer", field="customer_id")
    if new.item_id is not None:
        item = items.find(tx.connection, new.item_id)
        if item is None or not item.lot_tracked:
            raise ShelfLifeScopeUnknown("there is no such item with lots", field="item_id")
    return shelf_lives.put(tx, new)


def allow_short_dated(tx: Transaction, command: AllowShortDated) -> ShortDatedAllowed:
    """Let a lot that lies there and has not expired go to the order of a note; allowed again, the first word stays."""
    note = deliveries.find(tx.connection, command.delivery_id)
    if note is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id")
    key = StockKey(command.item_id, note.warehouse_id, command.lot)
    line = next((each for each in note.lines if each.key.item_id == command.item_id), None)
    last_days = picking.expiries(tx.connection, [command.item_id], note.warehouse_id)
    if line is None or key not in last_days:
        raise LotNotOnNote("the note has no such item, or no such lot lies there", field="lot")
    require_fresh(
        [Allocation(line.order_line_id, key, line.quantity)], last_days, command.today, {key: "lot"}
    )
    word = ShortDatedAllowed(
        note.order_id, note.id, command.item_id, command.lot, command.reason, tx.cause.actor
    )
    shelf_lives.allow(tx, word)
    return word
