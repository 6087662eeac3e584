"""Pack what was picked; put back what was picked or packed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain import delivery as rules
from services.inventory.domain.delivery import Delivery, milli_by_line
from services.inventory.domain.items import Item
from services.inventory.domain.packing import LeftOut, Package, Packing, pack
from services.inventory.domain.serial_errors import SerialsMissing
from services.inventory.domain.serials import require_serials
from services.inventory.events import DeliveryPacked, DeliveryPutBack, PackedPackage
from services.inventory.store import carriers, deliveries, packages, picking, serials
from services.inventory.store.picking import PickRecord
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.carriers import hand_over
from services.inventory.use_cases.move_serials import Happening, move, put_back_picked
from services.inventory.use_cases.ship_delivery import Locked, add_backorder, lock_delivery


@dataclass(frozen=True)
class PackDelivery:
    """Which note is packed, how, and who takes the packages along, if that is known."""

    delivery_id: str
    packages: tuple[Package, ...]
    left_out: tuple[LeftOut, ...] = ()
    carrier: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class PutBack:
    """Which note goes back to the shelves, and why."""

    delivery_id: str
    reason: str
    expected_version: int | None = None


def pack_delivery(tx: Transaction, command: PackDelivery) -> Delivery:
    """Pack a picked note, all of it; what is left out becomes a backorder note that is to be picked again."""
    locked = lock_delivery(tx, command.delivery_id, command.expected_version)
    before = locked.delivery
    done = pack(before, command.packages, command.left_out, _items_of_lines(locked))
    after = replace(before, state="packed", lines=done.lines)
    deliveries.save(tx, before, after)
    packages.add(tx, after.id, list(zip(command.packages, done.packages, strict=True)))
    _put_back(tx, after, done)
    _settle_serials(tx, locked, command.left_out, after)
    _hand_over(tx, command, after)
    _tell_packed(tx, after, command.packages)
    add_backorder(tx, before, done.rest)
    return replace(after, version=after.version + 1)


def _items_of_lines(locked: Locked) -> dict[str, Item]:
    return {line.order_line_id: locked.items[line.key.item_id] for line in locked.delivery.lines}


def _put_back(tx: Transaction, note: Delivery, done: Packing) -> None:
    if done.left_out:
        records = [PickRecord("put_back", line, reason=reason) for line, reason in done.left_out]
        picking.write_records(tx, note.id, records)


def _settle_serials(tx: Transaction, locked: Locked, left_out: Sequence[LeftOut], after: Delivery) -> None:
    """Put the serials that are left out back; what is packed must have been named, because nobody sees it again."""
    by_line = _items_of_lines(locked)
    for index, part in enumerate(left_out):
        field, item = f"left_out.{index}.serials", by_line[part.order_line_id]
        names = require_serials(item, part.quantity, part.serials, field)
        place = Place("in_stock", after.id, after.warehouse_id)
        own = [Before("picked", document_id=after.id, line_id=part.order_line_id)]
        move(tx, item, names, own, Happening("put_back", place, after.number), field)
    named = Counter(each.line_id for each in serials.of_document(tx.connection, after.id, "picked"))
    for order_line_id, milli in milli_by_line(after.lines).items():
        item = by_line[order_line_id]
        if item.serial_tracked and named[order_line_id] * 1000 != milli:
            raise SerialsMissing(
                f"the serials of {item.sku} were not named at picking",
                field="packages",
                cure="put the delivery back and pick it with the serial of each unit",
                sku=item.sku,
            )


def _hand_over(tx: Transaction, command: PackDelivery, note: Delivery) -> None:
    """Give the packages to their carrier; a package without a number may get one later."""
    numbers = [each.tracking_number for each in command.packages if each.tracking_number]
    if command.carrier is not None or numbers:
        hand_over(tx, note, command.carrier, numbers)


def _tell_packed(tx: Transaction, note: Delivery, packed: Sequence[Package]) -> None:
    told = DeliveryPacked(
        delivery_id=note.id,
        number=note.number,
        order_id=note.order_id,
        packages=tuple(
            PackedPackage(number, each.weight_g, each.tracking_number)
            for number, each in enumerate(packed, start=1)
        ),
    )
    publish(tx, told, correlation_id=note.correlation_id)


def put_back(tx: Transaction, command: PutBack) -> Delivery:
    """Return what was picked or packed to the shelves: the note is ready to be picked again."""
    locked = lock_delivery(tx, command.delivery_id, command.expected_version)
    after = rules.put_back(locked.delivery)
    deliveries.save(tx, locked.delivery, after)
    put_back_picked(tx, after.id, after.number)
    packages.remove(tx.connection, after.id)
    carriers.set_shipment(tx.connection, after.id, None, ())
    records = [PickRecord("put_back", line, reason=command.reason) for line in after.lines]
    picking.write_records(tx, after.id, records)
    told = DeliveryPutBack(after.id, after.number, after.order_id, command.reason)
    publish(tx, told, correlation_id=after.correlation_id)
    return replace(after, version=after.version + 1)
