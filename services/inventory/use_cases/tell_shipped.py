"""Tell of goods that left: with whom, under which numbers, and what of the note did not leave with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.carriers import require_carrier_for
from services.inventory.domain.delivery import Delivery, milli_by_line
from services.inventory.domain.items import Item
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.domain.valuation import costs_of_lines
from services.inventory.events import (
    DeliveryShipped,
    DeliveryShortShipped,
    ShippedLine,
    ShortShippedLine,
)
from services.inventory.store import carriers, picking
from services.inventory.use_cases.carriers import hand_over


@dataclass(frozen=True)
class Sent:
    """Who takes goods along, by name, and under which numbers."""

    carrier: str | None = None
    tracking_numbers: tuple[str, ...] = ()


def hand_over_shipped(tx: Transaction, before: Delivery, carrier: str | None, numbers: Sequence[str]) -> Sent:
    """Note who takes a note along that leaves; when nobody is named now, what was said before holds."""
    require_carrier_for(carrier, numbers)
    if carrier is not None:
        named = hand_over(tx, before, carrier, numbers)
        return Sent(named.name if named else None, tuple(dict.fromkeys(numbers)))
    # The first version of a note is one with which nobody has done anything yet.
    return Sent(*carriers.sent_with(tx.connection, before.id)) if before.version > 1 else Sent()


def tell_shipped(
    tx: Transaction,
    shipped: Delivery,
    known: Mapping[str, Item],
    sent: Sent,
    costs: Mapping[StockKey, Money | None],
    named: Mapping[str, tuple[str, ...]],
    *,
    fully: bool,
    change_no: int = 0,
) -> None:
    """Tell that a note left, what its rows cost, and its serials; ``fully`` when nothing of its order is left.

    ``change_no`` is that of its reservation.
    """
    assert shipped.shipped_on is not None, "what left has a day"
    event = DeliveryShipped(
        delivery_id=shipped.id,
        number=shipped.number,
        order_id=shipped.order_id,
        order_number=shipped.order_number,
        customer_id=shipped.customer_id,
        shipped_on=shipped.shipped_on,
        lines=shipped_lines(shipped, known, costs, named),
        order_fully_shipped=fully,
        promised_on=shipped.promised_on,
        carrier=sent.carrier,
        tracking_numbers=sent.tracking_numbers,
        change_no=change_no,
    )
    publish(tx, event, correlation_id=shipped.correlation_id)


def shipped_lines(
    shipped: Delivery,
    known: Mapping[str, Item],
    costs: Mapping[StockKey, Money | None] | None = None,
    named: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[ShippedLine, ...]:
    """Return the lines of a note as others are told them; ``known`` are its items by id.

    ``costs`` are what its stock rows were worth, where that is known; ``named`` are the serials by order line.
    """
    return tuple(
        ShippedLine(
            order_line_id=line.order_line_id,
            item_id=line.key.item_id,
            sku=known[line.key.item_id].sku,
            item_name=known[line.key.item_id].name,
            quantity=line.quantity,
            lot=line.key.lot or None,
            cost=cost,
            serials=(named or {}).get(line.order_line_id, ()),
        )
        for line, cost in zip(shipped.lines, costs_of_lines(shipped.lines, costs or {}), strict=True)
    )


def tell_short_shipped(
    tx: Transaction,
    before: Delivery,
    shipped: Delivery,
    known: Mapping[str, Item],
    rest: Sequence[Allocation],
) -> None:
    """Tell what of a note did not leave with it, if anything: it was left behind, or it was not on the shelf."""
    left = [(line.order_line_id, line.key.item_id, line.quantity, "left_behind") for line in rest]
    if before.version > 1:
        left += picking.short_of(tx.connection, before.id)
    if not left:
        return
    gone = milli_by_line(shipped.lines)
    lines = tuple(
        ShortShippedLine(
            order_line_id, item_id, known[item_id].sku, Quantity(gone.get(order_line_id, 0)), missing, reason
        )
        for order_line_id, item_id, missing, reason in left
    )
    told = DeliveryShortShipped(
        shipped.id, shipped.number, shipped.order_id, shipped.order_number, shipped.customer_id, lines,
        shipped.promised_on,
    )  # fmt: skip
    publish(tx, told, correlation_id=shipped.correlation_id)
