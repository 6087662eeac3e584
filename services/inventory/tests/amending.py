"""Changes of orders as tests say them: what rises is reserved under the change's own name."""

from __future__ import annotations

from datetime import date

from services.inventory.domain.amending import AmendedLine
from services.inventory.domain.items import Item
from services.inventory.domain.stock import WantedLine
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id, q
from services.inventory.use_cases.amend_reservation import AmendReservation, amend_reservation
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock


def wanted(
    order: str | int, number: int, item: Item, quantity: str | int, shipped: str | int | None = None
) -> AmendedLine:
    """Return what is to be of line ``number`` of an order."""
    seen = None if shipped is None else q(shipped)
    return AmendedLine(line_id(order, number), item.id, q(quantity), seen)


def take(shop: Shop, change: str, order: str | int, *lines: tuple[int, Item, str | int]) -> str:
    """Reserve what a change wants more, as (line number, item, quantity); return what became of it."""
    more = tuple(WantedLine(line_id(order, number), item.id, q(quantity)) for number, item, quantity in lines)
    command = ReserveStock(order_id(change), f"SO-{order}/1", HARBOR_PUMPS, order_id(order), more, TODAY)
    state: str = shop.do(lambda tx: reserve_stock(tx, command)).state
    return state


def amend(
    shop: Shop, change: str, order: str | int, *lines: AmendedLine, no: int = 1, today: date = TODAY
) -> str:
    """Amend an order's reservation; return what the warehouse answered: ``amended``, or the reason of a refusal."""
    command = AmendReservation(order_id(order), order_id(change), no, "the customer called", lines, TODAY)
    shop.do(lambda tx: amend_reservation(tx, command, today))
    return answer(shop, change)


def answer(shop: Shop, change: str) -> str:
    """Return what the warehouse answered last to a change."""
    told = [
        message
        for message in shop.told("reservation.amended", "reservation.amend_refused")
        if message.data["change_id"] == order_id(change)
    ]
    return str(told[-1].data.get("reason", "amended"))


def quantities(shop: Shop, order: str | int) -> list[str]:
    """Return the quantities of an order's lines, as the warehouse has them."""
    found = shop.reservation(order)
    assert found is not None
    return [str(line.quantity) for line in found.lines]


def notes(shop: Shop, order: str | int) -> list[tuple[str, list[str]]]:
    """Return state and quantities of an order's notes, in the order in which they were made."""
    made = [told.data["delivery_id"] for told in shop.told("delivery.created")]
    found = [shop.delivery(each) for each in made]
    return [
        (note.state, [str(line.quantity) for line in note.lines])
        for note in found
        if note.order_id == order_id(order)
    ]
