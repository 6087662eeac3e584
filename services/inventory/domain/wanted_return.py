"""What the service desk wants to come back: by item and lot, for it knows no lines of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import ReturnExceedsShipped
from services.inventory.domain.returns import AskingTicket, ReturnPart

_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class WantedReturn:
    """So much of an item and lot of a delivery is to come back; ``serials`` name its units, if it has any."""

    ticket: AskingTicket
    delivery_id: str
    order_id: str
    item_id: str
    quantity: Quantity
    reason: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


def parts_of(
    wanted: WantedReturn,
    delivery: Delivery,
    coming_back: Mapping[tuple[str, str], Quantity],
    line_of_serial: Mapping[str, str],
) -> tuple[ReturnPart, ...]:
    """Return the parts of the delivery's lines that come back, from its first line on.

    ``coming_back`` is what of each part (order line, lot) is announced already or came back; ``line_of_serial`` is the
    order line with which each unit left: a unit comes back of that one.
    """
    parts, rest = [], wanted.quantity
    for line in delivery.lines:
        if line.key.item_id != wanted.item_id or (line.key.lot or None) != wanted.lot:
            continue
        units = tuple(each for each in wanted.serials if line_of_serial.get(each) == line.order_line_id)
        left = line.quantity - coming_back.get((line.order_line_id, line.key.lot), _NOTHING)
        taken = min(rest, left, Quantity.of(len(units)) if wanted.serials else left)
        if taken:
            parts.append(ReturnPart(line.order_line_id, taken, line.key.lot or None, units))
            rest -= taken
    if rest:
        raise ReturnExceedsShipped(
            f"of {delivery.number} only {wanted.quantity - rest} may still come back",
            field="quantity",
            cure="ask for that much, or see which returns are under way",
            left=wanted.quantity - rest,
        )
    return tuple(parts)
