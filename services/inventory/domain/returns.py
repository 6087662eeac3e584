"""Returns: goods of a delivery that are to come back; asked for, and allowed or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    LineNamedTwice,
    LineNotOnDelivery,
    LotNotOnDelivery,
    NotShipped,
    ReturnStateRefuses,
)
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.stock import Allocation

ReturnState = Literal["requested", "approved", "received", "closed", "rejected", "cancelled"]
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class ReturnPart:
    """How much of an order line is to come back; the lot where the line left in several, serials if it has any."""

    order_line_id: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnedLine:
    """A part of a shipped line, of one lot, that is to come back; ``received`` is what did.

    ``cost`` is what the restocked part was worth when it left, where known.
    """

    line_no: int
    order_line_id: str
    item_id: str
    lot: str
    quantity: Quantity
    received: Quantity = _NOTHING
    restocked: Quantity = _NOTHING
    scrapped: Quantity = _NOTHING
    credit: bool = True
    note: str | None = None
    cost: Money | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it waits to be inspected."""
        return self.restocked + self.scrapped == self.received


@dataclass(frozen=True)
class AskingTicket:
    """A ticket of the service desk; ``request_id`` names what was wanted from it, once."""

    request_id: str
    ticket_id: str
    ticket_number: str


@dataclass(frozen=True)
class GoodsReturn:
    """Goods of one delivery that come back.

    *requested*, then *approved* or *rejected*; *cancelled* before anything came. *received*: in quarantine, nobody
    is promised any of it. *closed*: each line was inspected, and restocked or scrapped. ``ticket`` is the ticket of
    the service desk from which it was asked for.
    """

    id: str
    number: str
    delivery_id: str
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    correlation_id: str
    state: ReturnState
    reason: str
    lines: tuple[ReturnedLine, ...]
    answer: str | None = None
    warehouse_id: str | None = None
    received_on: date | None = None
    version: int = 1
    ticket: AskingTicket | None = None

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.item_id for line in self.lines}))


def draft(
    delivery: Delivery, parts: Sequence[ReturnPart], known: Mapping[str, Item]
) -> tuple[ReturnedLine, ...]:
    """Return the lines of a return of ``parts`` of a delivery; ``known`` are its items by id."""
    if delivery.state not in ("shipped", "delivered"):
        raise NotShipped(
            f"delivery {delivery.number} is {delivery.state}",
            field="delivery_id",
            cure="cancel the order instead, or wait until the goods have left",
        )
    lines: list[ReturnedLine] = []
    named: set[tuple[str, str]] = set()
    for index, part in enumerate(parts):
        field = f"lines.{index}"
        shipped = _shipped(delivery.lines, part, field)
        key = (part.order_line_id, shipped.key.lot)
        if key in named:
            raise LineNamedTwice("the line is named twice", field=field, cure="name each line and lot once")
        named.add(key)
        require_quantity(known[shipped.key.item_id], part.quantity, f"{field}.quantity")
        lines.append(ReturnedLine(index + 1, *key[:1], shipped.key.item_id, shipped.key.lot, part.quantity))
    return tuple(lines)


def _shipped(lines: Iterable[Allocation], part: ReturnPart, field: str) -> Allocation:
    """Return the line of the delivery that a part comes from."""
    of_line = [line for line in lines if line.order_line_id == part.order_line_id]
    if not of_line:
        raise LineNotOnDelivery(
            "the delivery has no such line",
            field=f"{field}.order_line_id",
            cure="name a line of this delivery",
        )
    found = [line for line in of_line if part.lot is None or line.key.lot == part.lot]
    if len(found) != 1:
        lots = ", ".join(line.key.lot for line in of_line if line.key.lot)
        raise LotNotOnDelivery(
            f"the line left in these lots: {lots or 'none'}",
            field=f"{field}.lot",
            cure="name the lot that comes back" if lots else "leave the lot out",
        )
    return found[0]


def approve(asked: GoodsReturn, answer: str | None) -> GoodsReturn:
    """Return it allowed: the customer may send the goods."""
    require_state(asked, ("requested",), "approved")
    return replace(asked, state="approved", answer=answer)


def reject(asked: GoodsReturn, answer: str) -> GoodsReturn:
    """Return it refused."""
    require_state(asked, ("requested",), "rejected")
    return replace(asked, state="rejected", answer=answer)


def cancel(asked: GoodsReturn, answer: str) -> GoodsReturn:
    """Return it given up, before anything came back."""
    require_state(asked, ("requested", "approved"), "cancelled")
    return replace(asked, state="cancelled", answer=answer)


def require_state(of: GoodsReturn, states: Sequence[ReturnState], verb: str) -> None:
    """Refuse what cannot be done in the present state."""
    if of.state not in states:
        raise ReturnStateRefuses(f"return {of.number} is {of.state} and cannot be {verb}", state=of.state)
