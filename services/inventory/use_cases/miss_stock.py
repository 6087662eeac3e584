"""What was promised and is not on the shelf: out of the books, looked into, and waited for in front of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.discrepancy import Discrepancy, settle
from services.inventory.domain.fulfilment_errors import DiscrepancyNotFound, DiscrepancySettled
from services.inventory.domain.lots import summed
from services.inventory.domain.picking import Missing
from services.inventory.domain.queue import place_in_front
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation, WantedLine, by_stock_row, wanted_by_item
from services.inventory.events import DeliveryShortPicked, ShortLine, StockFreed
from services.inventory.store import items, picking, reservations, stock
from services.inventory.use_cases.book_stock import BookStock, StockLine, book_stock
from services.inventory.use_cases.hold_part import wait_for_rest
from services.inventory.use_cases.move_serials import renamed
from services.inventory.use_cases.tell_reservation import tell_part

_IN_FRONT = "missing_part"
_SERIES = "stock_discrepancy"


@dataclass(frozen=True)
class SettleDiscrepancy:
    """What was found again of what was missing; nothing: it is lost."""

    discrepancy_id: str
    today: date
    found: Quantity
    answer: str | None = None
    serials: tuple[str, ...] = ()


def miss_stock(
    tx: Transaction, reservation: Reservation, note: Delivery, missing: Sequence[Missing], today: date
) -> None:
    """Take what is ``missing`` of a locked note out of the books and let its order wait for it in front.

    Other stock of the items, if there is any that nobody holds, serves the order at once.
    """
    if not missing:
        return
    _release(tx, reservation, missing)
    waits = _requeue(tx, reservation, note, missing)
    noted = _write_off(tx, note, missing, today)
    if waits is not None:
        # After the books are right: what was not found is nothing that the rest can come from.
        tell_part(tx, waits, today)
    lines = tuple(
        ShortLine(each.order_line_id, each.item_id, each.missing, each.reason, each.number, each.lot or None)
        for each in noted
    )
    told = DeliveryShortPicked(
        note.id, note.number, note.order_id, note.order_number, note.customer_id, lines
    )
    publish(tx, told, correlation_id=note.correlation_id)
    for item_id in sorted({each.key.item_id for each in missing}):
        publish(tx, StockFreed(item_id, "short_picked"))


def _release(tx: Transaction, reservation: Reservation, missing: Sequence[Missing]) -> None:
    parts = summed(Allocation(each.order_line_id, each.key, each.quantity) for each in missing)
    if not reservations.take_held(tx.connection, reservation.id, parts):
        raise RuntimeError(f"order {reservation.order_number} holds less than its delivery notes")
    if not stock.unreserve(tx.connection, by_stock_row(parts)):
        raise RuntimeError(f"order {reservation.order_number} holds more than its stock rows say")


def _requeue(
    tx: Transaction, reservation: Reservation, note: Delivery, missing: Sequence[Missing]
) -> Reservation | None:
    """Let a locked order wait for what was not found; return it where it waited for a part anyway."""
    if reservation.state == "partial":
        # It waits for what was not found too, with all of its rest in front: the items of that are locked as well.
        return wait_for_rest(tx, replace(reservation, queue_no=place_in_front(next_number(tx, _IN_FRONT))))
    wanted = [WantedLine(each.order_line_id, each.key.item_id, each.quantity) for each in missing]
    picking.miss(tx, reservation.id, note.id, wanted)
    place = place_in_front(next_number(tx, _IN_FRONT))
    picking.wait_in_front(tx.connection, reservation.id, place, wanted_by_item(wanted))
    return None


def _write_off(tx: Transaction, note: Delivery, missing: Sequence[Missing], today: date) -> list[Discrepancy]:
    lines = tuple(
        StockLine(each.key.item_id, -each.quantity, each.key.lot or None, serials=each.serials)
        for each in missing
    )
    reference = f"Not found for {note.number}"
    booking = BookStock("adjustment", note.warehouse_id, lines, today, reference=reference)
    with renamed("lines.", "short."):
        document = book_stock(tx, booking)
    noted = []
    for each in missing:
        discrepancy = Discrepancy(
            id=tx.new_id(),
            number=f"SD-{next_number(tx, _SERIES):06d}",
            item_id=each.key.item_id,
            warehouse_id=note.warehouse_id,
            lot=each.key.lot,
            missing=each.quantity,
            reason=each.reason,
            note=each.note,
            delivery_id=note.id,
            order_line_id=each.order_line_id,
            document_id=document.id,
        )
        picking.add_discrepancy(tx, discrepancy)
        noted.append(discrepancy)
    return noted


def settle_discrepancy(tx: Transaction, command: SettleDiscrepancy) -> Discrepancy:
    """End a discrepancy, once: what was found again is booked, and serves those who wait."""
    seen = picking.find_discrepancy(tx.connection, command.discrepancy_id)
    if seen is None:
        raise DiscrepancyNotFound("there is no such discrepancy", field="discrepancy_id")
    known = items.lock(tx.connection, [seen.item_id])
    settled = settle(seen, command.found, command.answer, known[seen.item_id])
    if not picking.save_settled(tx, settled):
        raise DiscrepancySettled(f"{seen.number} was settled meanwhile", cure="read it again")
    if command.found:
        line = StockLine(seen.item_id, command.found, seen.lot or None, serials=command.serials)
        reference = f"Found again: {seen.number}"
        booking = BookStock("adjustment", seen.warehouse_id, (line,), command.today, reference=reference)
        with renamed("lines.0.", ""):
            book_stock(tx, booking)
    return replace(settled, version=settled.version + 1)
