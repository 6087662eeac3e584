"""Delivery notes: what leaves one warehouse for one order at one time, whole or in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from libs.common.quantity import Quantity
from services.inventory.domain.delivery_credit import NEVER, CheckRule, CreditState
from services.inventory.domain.errors import (
    DeliveryStateRefuses,
    LineNamedTwice,
    LineNotOnDelivery,
    MoreThanOnDelivery,
    QuantityNotPositive,
)
from services.inventory.domain.fulfilment_errors import PackedLeavesWhole, PackingRequired, ShipsComplete
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation

DeliveryState = Literal["draft", "waiting", "ready", "picked", "packed", "shipped", "delivered", "cancelled"]
OPEN_STATES: tuple[DeliveryState, ...] = ("draft", "waiting", "ready", "picked", "packed")


@dataclass(frozen=True)
class Delivery:
    """A delivery note of ``warehouse_id``; its lines are parts of what the order has reserved there.

    ``backorder_of`` names the note from which this one was split because it left in parts. The first notes of an
    order know when it was placed, had its stock and was confirmed, and how many milliseconds after the first of
    these they were made. ``must_pack``: its warehouse ships only what is packed. ``credit`` is finance's word about
    it, where by ``check`` one is needed; ``credit_since``: its order is sold on credit, and was confirmed then.
    """

    id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    warehouse_id: str
    correlation_id: str
    state: DeliveryState
    lines: tuple[Allocation, ...]
    promised_on: date | None = None
    shipped_on: date | None = None
    backorder_of: str | None = None
    reason: str | None = None
    version: int = 1
    ordered_at: datetime | None = None
    reserved_at: datetime | None = None
    confirmed_at: datetime | None = None
    took_ms: int | None = None
    must_pack: bool = False
    credit: CreditState = "not_needed"
    credit_since: datetime | None = None
    check: CheckRule = NEVER

    def lacks_credit(self, now: datetime) -> bool:
        """Tell whether it may not leave at the moment ``now`` because finance has not said yes."""
        return self.credit != "granted" and self.check.asks(self.credit_since, now)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.key.item_id for line in self.lines}))


@dataclass(frozen=True)
class Part:
    """How much of an order line is to be picked or shipped now; ``serials``, unless they were named at picking."""

    order_line_id: str
    quantity: Quantity
    serials: tuple[str, ...] = ()


def pick(delivery: Delivery) -> Delivery:
    """Return the note with its goods taken from the shelves."""
    _require(delivery, ("ready",), "picked")
    return replace(delivery, state="picked")


def put_back(delivery: Delivery) -> Delivery:
    """Return the note with its goods on the shelves again."""
    _require(delivery, ("picked", "packed"), "put back")
    return replace(delivery, state="ready")


def ship(
    delivery: Delivery, shipped_on: date, *, in_parts: bool = False, sent_from_here: bool = True
) -> Delivery:
    """Return the note with its goods out of the house on ``shipped_on``; what is packed leaves whole.

    What is not ``sent_from_here`` is handed over at the counter, or its supplier sent it: nobody packs it.
    """
    _require(delivery, ("ready", "picked", "packed"), "shipped")
    if sent_from_here and delivery.must_pack and delivery.state != "packed":
        raise PackingRequired(
            f"delivery {delivery.number} is {delivery.state}, and its warehouse ships only what is packed",
            cure="pick and pack it first",
            state=delivery.state,
        )
    if delivery.state == "packed" and in_parts:
        raise PackedLeavesWhole(f"delivery {delivery.number} is packed", field="lines")
    return replace(delivery, state="shipped", shipped_on=shipped_on)


def require_whole(
    delivery: Delivery, rest: Sequence[Allocation], open_notes: Sequence[Delivery], *, lacks: bool
) -> None:
    """Refuse to ship ``delivery`` of an order that ships complete while any of the order's goods would stay behind.

    Its notes from several warehouses leave one after the other, but only once all of them are off the shelves. An order
    that ``lacks`` what was not found there has no note for it yet.
    """
    if lacks:
        raise ShipsComplete(
            f"order {delivery.order_number} leaves in one piece: a part of it was not found",
            field="delivery_id",
            cure="receive or find what is missing, then pick the delivery that is made of it",
        )
    if rest:
        raise ShipsComplete(
            f"order {delivery.order_number} leaves in one piece",
            field="lines",
            cure="ship the whole delivery",
        )
    behind = [note.number for note in open_notes if note.id != delivery.id and note.state == "ready"]
    if behind:
        raise ShipsComplete(
            f"order {delivery.order_number} leaves in one piece: {', '.join(behind)} is not picked yet",
            field="delivery_id",
            cure="pick the order's other deliveries first",
            not_picked=", ".join(behind),
        )


def cancel(delivery: Delivery, reason: str) -> Delivery:
    """Return the note given up before anything on it was shipped."""
    _require(delivery, OPEN_STATES, "cancelled")
    return replace(delivery, state="cancelled", reason=reason)


def backorder(delivery: Delivery, delivery_id: str, lines: Sequence[Allocation]) -> Delivery:
    """Return a draft of the note by which ``lines``, which did not leave with ``delivery``, follow it."""
    return replace(
        delivery,
        id=delivery_id,
        number="",
        state="ready",
        warehouse_id=lines[0].key.warehouse_id,
        lines=tuple(lines),
        backorder_of=delivery.id,
        shipped_on=None,
        reason=None,
        version=1,
        ordered_at=None,
        reserved_at=None,
        confirmed_at=None,
        took_ms=None,
        credit="not_needed",
    )


def made_after(reservation: Reservation, now: datetime) -> int | None:
    """Return the milliseconds from the placing of an order until ``now``; clocks of two services may differ a bit."""
    if reservation.ordered_at is None:
        return None
    return max(0, (now - reservation.ordered_at) // timedelta(milliseconds=1))


def _require(delivery: Delivery, states: Sequence[DeliveryState], verb: str) -> None:
    if delivery.state not in states:
        raise DeliveryStateRefuses(
            f"delivery {delivery.number} is {delivery.state} and cannot be {verb}",
            cure="read the delivery again and go on from its present state",
            state=delivery.state,
        )


def split(delivery: Delivery, parts: Sequence[Part]) -> tuple[tuple[Allocation, ...], tuple[Allocation, ...]]:
    """Return what of ``delivery`` goes now, as ``parts`` say, and what stays for a backorder.

    Lots of a line go in the order in which they are listed. No parts means everything.
    """
    if not parts:
        return delivery.lines, ()
    going = _checked(delivery, parts)
    now: list[Allocation] = []
    rest: list[Allocation] = []
    for line in delivery.lines:
        taken = min(line.quantity.milli, going.get(line.order_line_id, 0))
        going[line.order_line_id] = going.get(line.order_line_id, 0) - taken
        if taken:
            now.append(line._replace(quantity=Quantity(taken)))
        if taken < line.quantity.milli:
            rest.append(line._replace(quantity=Quantity(line.quantity.milli - taken)))
    return tuple(now), tuple(rest)


def _checked(delivery: Delivery, parts: Sequence[Part]) -> dict[str, int]:
    """Return the milli to go per order line; refuse parts that are not on the note or exceed it."""
    held = milli_by_line(delivery.lines)
    going: dict[str, int] = {}
    for index, part in enumerate(parts):
        _require_part(part, f"lines.{index}", held, going)
        going[part.order_line_id] = part.quantity.milli
    return going


def _require_part(part: Part, field: str, held: Mapping[str, int], going: Mapping[str, int]) -> None:
    if part.order_line_id in going:
        raise LineNamedTwice(
            "the line is named twice", field=field, cure="name each line once, with its total"
        )
    if part.order_line_id not in held:
        raise LineNotOnDelivery(
            "the delivery has no such line",
            field=f"{field}.order_line_id",
            cure="name a line of this delivery",
        )
    if part.quantity.milli <= 0:
        raise QuantityNotPositive(
            "the quantity must be greater than zero",
            field=f"{field}.quantity",
            cure="leave the line out instead",
        )
    if part.quantity.milli > held[part.order_line_id]:
        raise MoreThanOnDelivery(
            f"the delivery holds {Quantity(held[part.order_line_id])} of this line",
            field=f"{field}.quantity",
            cure="ship at most what the delivery holds",
            on_delivery=str(Quantity(held[part.order_line_id])),
        )


def milli_by_line(lines: Sequence[Allocation]) -> dict[str, int]:
    """Return how many thousandths of each order line ``lines`` hold, over all their lots."""
    held: dict[str, int] = {}
    for line in lines:
        held[line.order_line_id] = held.get(line.order_line_id, 0) + line.quantity.milli
    return held
