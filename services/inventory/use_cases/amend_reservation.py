"""Let what is held for an order, and its delivery notes, be as a change of the order says: whole, or not at all.

Items, reservation and notes are locked in everybody's order, so a shipment or a cancel that crosses the change comes
before it or after it, and the later of the two finds what the first left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import amending as rules
from services.inventory.domain import delivery as delivery_rules
from services.inventory.domain.amending import AmendedLine, GivenUp
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.lots import summed
from services.inventory.domain.reservation import Rejection, Reservation, rest_of
from services.inventory.domain.sourcing import Claim
from services.inventory.domain.stock import by_stock_row
from services.inventory.events import (
    DeliveryCancelled,
    ReservationAmended,
    ReservationAmendRefused,
    StockFreed,
)
from services.inventory.store import (
    amendments,
    deliveries,
    items,
    pick_lists,
    picking,
    queue,
    requeueing,
    reservations,
    stock,
)
from services.inventory.store.amendments import Decided
from services.inventory.use_cases.ask_credit import CANCELLED, take_back
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.create_deliveries import further_notes
from services.inventory.use_cases.hold_part import wait_for_rest
from services.inventory.use_cases.set_aside_expired import usable_rows
from services.inventory.use_cases.tell_reservation import tell_part, tell_reserved

JOINED = "it joined the order that it was reserved for"


@dataclass(frozen=True)
class AmendReservation:
    """Which order changes, and what is to be of its lines; what rises is held under the change's own id."""

    order_id: str
    change_id: str
    change_no: int
    reason: str
    lines: tuple[AmendedLine, ...]
    promised_on: date | None = None


def amend_reservation(tx: Transaction, command: AmendReservation, today: date) -> None:
    """Amend and say so, or refuse and say why; asked again, answer as before, whatever is so by now.

    What has expired on ``today`` does not join the order, also before the job has set it aside.
    """
    seen = reservations.of_order(tx.connection, command.order_id)
    if seen is None:
        raise Later(f"the stock of order {command.order_id} is not reserved yet")
    joining = reservations.of_order(tx.connection, command.change_id)
    _lock_items(tx, seen, command, joining)
    before = reservations.of_order(tx.connection, command.order_id, lock=True) or seen
    answered = amendments.find(tx.connection, command.change_id)
    if answered is not None:
        _answer(tx, before, answered)
        return
    if joining is not None:
        joining = reservations.of_order(tx.connection, command.change_id, lock=True)
    refused = (
        rules.why_not(before, command.lines, joining)
        or _expired(tx, joining, today)
        or _amend(tx, before, command, joining, today)
    )
    after = before if refused else rules.amended(before, command.lines, command.change_no)
    decided = Decided(
        change_id=command.change_id,
        order_id=command.order_id,
        change_no=command.change_no,
        outcome="refused" if refused else "amended",
        fully_shipped=after.state == "consumed",
        reason=refused.reason if refused else None,
        detail=refused.detail if refused else None,
    )
    amendments.add(tx, decided)
    _answer(tx, before, decided)


def _expired(tx: Transaction, joining: Reservation | None, today: date) -> Rejection | None:
    """Return why what rises cannot be where it was promised of what is set aside: it would take the order along."""
    if joining is None or joining.state != "reserved":
        return None
    usable_rows(tx, joining.item_ids, today)
    held = reservations.held(tx.connection, joining.id)
    return rules.TAKEN_BACK if stock.set_aside_among(tx.connection, [part.key for part in held]) else None


def _lock_items(
    tx: Transaction, seen: Reservation, command: AmendReservation, joining: Reservation | None
) -> None:
    wanted = {line.item_id for line in command.lines} | set(seen.item_ids)
    items.lock(tx.connection, wanted | set(joining.item_ids if joining else ()))


def _amend(
    tx: Transaction,
    before: Reservation,
    command: AmendReservation,
    joining: Reservation | None,
    today: date,
) -> Rejection | None:
    """Write the change; return why not, with nothing written, where goods to be given up were picked."""
    less = rules.lowered(before, command.lines)
    lacking = _lacks_less(tx, before, less)
    notes = deliveries.open_of_order(tx.connection, before.order_id)
    given_up = _give_up(tx, before, {key: less[key] - lacking.get(key, 0) for key in less}, notes)
    if given_up.short:
        return rules.not_free(given_up.short, before)
    if lacking and before.state == "reserved":
        item_of = {line.order_line_id: line.item_id for line in before.lines}
        parts = [(key, item_of[key], Quantity(milli)) for key, milli in lacking.items()]
        amendments.want_less_missing(tx, before.id, parts)
    _free(tx, before, command, given_up)
    after = rules.amended(before, command.lines, command.change_no)
    amendments.write_lines(tx, before, after)
    _join(tx, replace(after, promised_on=command.promised_on), joining)
    _wait_anew(tx, before, after, today)
    amendments.write_head(tx, after, command.promised_on)
    _tell_others(tx, set(less), before)
    return None


def _lacks_less(tx: Transaction, before: Reservation, less: Mapping[str, int]) -> dict[str, int]:
    """Return how much of what is wanted less the order has not got, or was not found, and need not be waited for."""
    if not less:
        return {}
    lacking: Sequence[Claim] = picking.missing_of(tx.connection, before.id)
    if before.state == "partial":
        lacking = rest_of(before, reservations.held(tx.connection, before.id))
    found = {
        each.order_line_id: min(each.quantity.milli, less.get(each.order_line_id, 0)) for each in lacking
    }
    return {key: milli for key, milli in found.items() if milli}


def _wait_anew(tx: Transaction, before: Reservation, after: Reservation, today: date) -> None:
    """Store the head; one that waited for a part waits for what that is now, and says so to whoever looks after it."""
    if before.state != "partial":
        reservations.save(tx.connection, after, tx.now)
        return
    if after.state == "consumed":
        queue.leave(tx.connection, after.id)
        over = replace(after, queue_no=None)
        reservations.save(tx.connection, over, tx.now)
        tell_reserved(tx, over)
        return
    waits = wait_for_rest(tx, after)
    if waits.state == "reserved":
        tell_reserved(tx, waits)
    else:
        tell_part(tx, waits, today)


def _give_up(tx: Transaction, before: Reservation, less: Mapping[str, int], notes: list[Delivery]) -> GivenUp:
    """Return what can be freed: of notes whose goods are on the shelf, or of what is held for notes to come."""
    if not any(less.values()):
        return GivenUp((), (), {})
    if not amendments.has_notes(tx.connection, before.order_id):
        return rules.give_up(less, [_note_to_come(tx, before)])
    listed = pick_lists.being_picked(tx.connection, [note.id for note in notes])
    on_the_shelf = [note for note in notes if note.state == "ready" and note.id not in listed]
    return rules.give_up(less, on_the_shelf)


def _note_to_come(tx: Transaction, before: Reservation) -> Delivery:
    """Return what is held for the notes that a confirmation on its way will make, as if it were one."""
    return Delivery(
        id="",
        number="",
        order_id=before.order_id,
        order_number=before.order_number,
        customer_id=before.customer_id or "",
        warehouse_id="",
        correlation_id=before.correlation_id,
        state="draft",
        lines=reservations.held(tx.connection, before.id),
    )


def _free(tx: Transaction, before: Reservation, command: AmendReservation, given_up: GivenUp) -> None:
    for note, stays in given_up.notes:
        if not note.id:
            continue
        if stays:
            deliveries.save(tx, note, replace(note, lines=stays))
            continue
        take_back(tx, note, CANCELLED)
        deliveries.save(tx, note, delivery_rules.cancel(note, command.reason))
        told = DeliveryCancelled(note.id, note.order_id, command.reason)
        publish(tx, told, correlation_id=note.correlation_id)
    parts = summed(given_up.parts)
    if not reservations.take_held(tx.connection, before.id, parts):
        raise RuntimeError(f"order {before.order_number} holds less than its delivery notes")
    if parts and not stock.unreserve(tx.connection, by_stock_row(parts)):
        raise RuntimeError(f"order {before.order_number} holds more than its stock rows say")


def _join(tx: Transaction, after: Reservation, joining: Reservation | None) -> None:
    """Let the order hold what was reserved for its change, with notes of their own where it has notes already."""
    if joining is None or joining.state != "reserved":
        return
    parts = reservations.held(tx.connection, joining.id)
    if not reservations.take_held(tx.connection, joining.id, parts):
        raise RuntimeError(f"the allocations of {joining.order_number} changed under lock")
    picking.hold(tx.connection, after.id, parts)
    reservations.save(tx.connection, replace(joining, state="released", reason=JOINED), tx.now)
    before = requeueing.last_note(tx.connection, after.order_id)
    if before is not None:
        further_notes(tx, before, parts, after.promised_on)


def _tell_others(tx: Transaction, lowered: set[str], before: Reservation) -> None:
    """Serve those who wait for what was freed, and ask for no more than is lacking."""
    freed = {line.item_id for line in before.lines if line.order_line_id in lowered}
    if not freed:
        return
    for item_id in queue.items_waited_for(tx.connection, sorted(freed)):
        publish(tx, StockFreed(item_id, "released"))
    cover_shortage(tx, sorted(freed), may_grow=False)


def _answer(tx: Transaction, reservation: Reservation, decided: Decided) -> None:
    about = (decided.order_id, decided.change_id, decided.change_no)
    answer: object
    if decided.outcome == "amended":
        answer = ReservationAmended(*about, decided.fully_shipped)
    else:
        answer = ReservationAmendRefused(*about, decided.reason or "refused", decided.detail or "")
    publish(tx, answer, correlation_id=reservation.correlation_id)
