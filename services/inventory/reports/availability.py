"""What there is of an item, what is on its way, and when a quantity can be promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from libs.common.errors import NotFound
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.availability import Arrival, Coming, InProduction, PromiseSource, promise
from services.inventory.domain.shelf_life import days_by_item, good_until
from services.inventory.domain.stock import StockRow
from services.inventory.store import (
    boms,
    items,
    production_orders,
    purchase_orders,
    queue,
    shelf_lives,
    stock,
    supply,
)

_ONE = Quantity(1000)
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class AvailabilityView:
    """An item over all warehouses: what lies there, who waits, what comes when, and when a quantity can be had."""

    item_id: str
    sku: str
    uom: str
    on_hand: Quantity
    reserved: Quantity
    waited_for: Quantity
    free: Quantity
    incoming: tuple[Arrival, ...]
    in_production: tuple[InProduction, ...]
    quantity: Quantity
    promised_on: date | None
    source: PromiseSource | None
    expired: Quantity = _NOTHING
    customer_days: int | None = None
    short_dated: Quantity | None = None
    usable_for_customer: Quantity | None = None


def availability(
    connection: Connection,
    item_id: str,
    quantity: Quantity | None,
    today: date,
    customer_id: str | None = None,
) -> AvailabilityView:
    """Return what can be promised to one who asks for ``quantity`` (one unit unless given) now.

    ``free`` is what is available and nobody waits for. Drafts of purchase orders, and production orders that are not
    released, promise nothing; nor does what has expired. For a customer, what does not last the days that he wants is
    ``short_dated`` and promised to him neither.
    """
    item = items.find(connection, item_id)
    if item is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    asked = quantity or _ONE
    rows = stock.rows(connection, [item_id])
    on_hand = sum(row.on_hand.milli for row in rows)
    reserved = sum(row.reserved.milli for row in rows)
    expired = sum(row.free.milli for row in rows if row.expired or row.is_due(today))
    usable = on_hand - reserved - expired
    days, short = _short_dated(connection, item_id, customer_id, rows, today)
    waited_for = queue.wanted(connection, [item_id]).get(item_id, 0)
    arrivals = purchase_orders.arrivals(connection, item_id)
    made = production_orders.in_production(connection, item_id)
    policy = boms.with_lead_time(connection, supply.policy(connection, item_id), asked.milli, today)
    coming: list[Coming] = [*arrivals, *made]
    found = promise(asked.milli, usable - short, waited_for, coming, policy, today)
    return AvailabilityView(
        item_id=item.id,
        sku=item.sku,
        uom=item.uom,
        on_hand=_counted(on_hand),
        reserved=_counted(reserved),
        waited_for=_counted(waited_for),
        free=_counted(max(0, usable - waited_for)),
        incoming=tuple(arrivals),
        in_production=tuple(made),
        quantity=asked,
        promised_on=found.on if found else None,
        source=found.source if found else None,
        expired=_counted(expired),
        customer_days=days,
        short_dated=None if days is None else _counted(short),
        usable_for_customer=None if days is None else _counted(max(0, usable - short - waited_for)),
    )


def _short_dated(
    connection: Connection, item_id: str, customer_id: str | None, rows: list[StockRow], today: date
) -> tuple[int | None, int]:
    """Return the days that a customer's lots must last, and the milli that are free and do not; nobody, no days."""
    if customer_id is None:
        return None, 0
    days = days_by_item(shelf_lives.about(connection, customer_id, [item_id]), [item_id])
    until = good_until(days, today).get(item_id, today)
    return days.get(item_id, 0), sum(
        row.available.milli for row in rows if row.expires_on and today <= row.expires_on < until
    )


def _counted(milli: int) -> Quantity:
    """Return a sum as a quantity: over all warehouses and orders it may be more than one can hold."""
    return Quantity(min(milli, LIMIT_MILLI))
