"""What left for customers who are invoiced once they have signed: it is on its way, and their credit stays held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Connection, Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.credit import CreditHold
from services.finance.domain.in_transit import Travelling
from services.finance.domain.invoicing import Order, OrderLine
from services.finance.domain.invoicing_errors import ShippedUnknownLine
from services.finance.domain.kept import worth_of_invoiced
from services.finance.store import accounts, holds, orders, travelling


def send_off(
    tx: Transaction, order: Order, delivery: tuple[str, str, date], parts: Iterable[Travelling]
) -> bool:
    """Note what left of a locked order, whose account is locked too, with a ``delivery`` (id, number, day).

    False when it was noted before.
    """
    if travelling.lock(tx.connection, delivery[0]):
        return False
    lines = _by_line(parts)
    unknown = {line.order_line_id for line in lines} - {line.order_line_id for line in order.lines}
    if unknown:
        raise ShippedUnknownLine(f"order {order.number} has no such line: {', '.join(sorted(unknown))}")
    travelling.add(tx, order.order_id, delivery, lines)
    _hold_on(tx, order, worth_of(order, {line.order_line_id: line.quantity for line in lines}))
    return True


def _by_line(parts: Iterable[Travelling]) -> Sequence[Travelling]:
    """Return one line for each of the order's; its cost is known if that of all its parts is."""
    found: dict[str, Travelling] = {}
    for part in parts:
        so_far = found.get(part.order_line_id)
        if so_far is not None:
            cost = None if so_far.cost is None or part.cost is None else so_far.cost + part.cost
            part = replace(part, quantity=so_far.quantity + part.quantity, cost=cost)
        found[part.order_line_id] = part
    return tuple(found.values())


def worth_of(order: Order, quantities: Mapping[str, Quantity]) -> Money:
    """Return what these quantities of an order's lines come to, with tax: those that are invoiced next."""
    parts = (
        _worth(line, quantities[line.order_line_id])
        for line in order.lines
        if line.order_line_id in quantities
    )
    return Money.total(parts, order.currency)


def _worth(line: OrderLine, quantity: Quantity) -> Money:
    """Return what a quantity of a line comes to; of a changed line what had left before comes first, as it was then."""
    if line.kept is None:
        return line.gross.share(quantity.milli, line.quantity.milli)
    before = worth_of_invoiced(line, line.invoiced_quantity)
    after = worth_of_invoiced(line, line.invoiced_quantity + min(quantity, line.left))
    return after[0] + after[1] - before[0] - before[1]


def worth_on_the_way(connection: Connection, order_id: str) -> Money | None:
    """Return what is on its way of an order and will be invoiced; ``None``: nothing. Its account must be locked."""
    quantities = travelling.still_to_arrive(connection, order_id)
    if not any(quantities.values()):
        return None
    order = orders.lock(connection, order_id)
    return None if order is None else worth_of(order, quantities)


def _hold_on(tx: Transaction, order: Order, left_house: Money) -> None:
    """Let what left weigh on the customer's credit until it is invoiced.

    An order whose credit was never asked for is held from its first shipment on, to its end. One that was closed short
    has given its credit back before finance heard of the shipment: then what left is held again.
    """
    hold = holds.find(tx.connection, order.order_id, locked=True)
    if hold is None:
        holds.add_if_new(tx.connection, _new_hold(tx, order))
        accounts.move(tx.connection, order.customer_id, held=order.total.minor)
    elif hold.state == "released" and hold.customer_id is not None:
        again = min(left_house, hold.amount)
        holds.settle(tx.connection, order.order_id, "granted", again, tx.now, hold.reason)
        accounts.move(tx.connection, order.customer_id, held=again.minor)


def _new_hold(tx: Transaction, order: Order) -> CreditHold:
    return CreditHold(
        order_id=order.order_id,
        customer_id=order.customer_id,
        order_number=order.number,
        state="granted",
        amount=order.total,
        held=order.total,
        queue_no=0,
        correlation_id=order.correlation_id,
        asked_at=tx.now,
    )
