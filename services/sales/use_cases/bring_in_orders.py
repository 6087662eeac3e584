"""Bring in orders of another system: written down in bulk, as they were agreed, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from services.sales.domain.errors import OrderNumberTaken, UnknownCustomer
from services.sales.domain.history import PastOrder, faults_of, record_order
from services.sales.domain.items import Customer, Item
from services.sales.domain.order import Order
from services.sales.domain.terms import Terms
from services.sales.events import OrderRecorded
from services.sales.store import customers, items, orders
from services.sales.use_cases.telling import ordered_lines, tell


def bring_in_orders(tx: Transaction, past: Sequence[PastOrder], terms: Terms, *, by: str) -> list[Order]:
    """Write ``past`` down and tell of each order; ``EntriesRefused`` names every one that cannot be.

    No quotation, no saga, no stock and no credit: what became of an order is brought in by inventory and finance,
    whose events move it on as they move every other.
    """
    known_customers = customers.known(tx.connection, (order.customer_id for order in past))
    known_items = items.known(tx.connection, (line.item_id for order in past for line in order.lines))
    refusals = [
        (place, fault)
        for place, order in enumerate(past)
        for fault in _faults(tx, order, known_customers.get(order.customer_id), known_items, terms)
    ]
    refusals += _taken(tx, past)
    if refusals:
        raise EntriesRefused(refusals)
    recorded = _record(tx, past, known_items, by)
    orders.add_many(tx, recorded)
    for order in recorded:
        tell(tx, order, _told(order))
    return recorded


def _faults(
    tx: Transaction, past: PastOrder, customer: Customer | None, known: Mapping[str, Item], terms: Terms
) -> list[MeridianError]:
    if customer is None:
        return [UnknownCustomer(f"there is no customer {past.customer_id}", field="customer_id")]
    faults = list(faults_of(past, customer, known))
    try:
        terms.document_date(past.ordered_on, tx.now, "ordered_on")
    except MeridianError as fault:
        faults.append(fault)
    return faults


def _taken(tx: Transaction, past: Sequence[PastOrder]) -> list[tuple[int, MeridianError]]:
    """Return the refusals of numbers that stand twice, here or in what was there before."""
    seen = orders.taken(tx.connection, (order.number for order in past))
    refusals: list[tuple[int, MeridianError]] = []
    for place, order in enumerate(past):
        if order.number in seen:
            message = f"there is an order {order.number} already"
            refusals.append((place, OrderNumberTaken(message, field="number")))
        seen.add(order.number)
    return refusals


def _record(tx: Transaction, past: Sequence[PastOrder], known: Mapping[str, Item], by: str) -> list[Order]:
    recorded: list[Order] = []
    refusals: list[tuple[int, MeridianError]] = []
    for place, order in enumerate(past):
        line_ids = [tx.new_id() for _ in order.lines]
        try:
            recorded.append(record_order(order, known, order_id=tx.new_id(), line_ids=line_ids, by=by))
        except MeridianError as fault:
            refusals.append((place, fault))
    if refusals:
        raise EntriesRefused(refusals)
    return recorded


def _told(order: Order) -> OrderRecorded:
    return OrderRecorded(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        ordered_on=order.ordered_on,
        total=order.total,
        lines=ordered_lines(order),
        promised_on=order.promised_on,
    )
