"""Goods arrived, came back or will never leave: for orders that are invoiced as the customer signs, or paid ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.credit import HoldState
from services.finance.domain.credit_notes import CreditNote
from services.finance.domain.in_transit import (
    Arrival,
    Travelling,
    accepted,
    arrival_entry,
    back_entry,
    returned,
    taken,
)
from services.finance.domain.invoicing import Order
from services.finance.domain.kept import kept_among
from services.finance.domain.terms import Terms
from services.finance.events import DeliveryNotInvoiced, UninvoicedLine
from services.finance.store import (
    accounts,
    credit_notes,
    holds,
    invoices,
    ledger,
    orders,
    periods,
    travelling,
)
from services.finance.use_cases.carry_stock import carry_off_the_way
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.credit_notes import (
    EndedOrder,
    InspectedReturn,
    ReturnedLine,
    credit_given_up,
    credit_return,
)
from services.finance.use_cases.down_payments import credit_rest
from services.finance.use_cases.post_invoice import (
    ShippedDelivery,
    ShippedLine,
    invoice_parts,
    lock_billed,
)
from services.finance.use_cases.send_off import worth_of

_NONE = Quantity.zero()


@dataclass(frozen=True)
class ArrivedLine:
    """What came to the customer's door of an order line and lot, of which ``refused`` goes back."""

    order_line_id: str
    quantity: Quantity
    refused: Quantity


@dataclass(frozen=True)
class ArrivedDelivery:
    """A delivery that was signed for; ``return_number`` is that of what was refused."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    delivered_on: date
    lines: tuple[ArrivedLine, ...]
    return_number: str | None = None


@dataclass(frozen=True)
class _Journey:
    """A delivery on its way, with what of its lines is under way; account and order are locked."""

    account: Account
    order: Order
    delivery_id: str
    number: str
    lines: tuple[Travelling, ...]


def arrive(tx: Transaction, arrived: ArrivedDelivery, terms: Terms) -> None:
    """Invoice what the customer has signed for and book what it cost; what was refused is never invoiced.

    A delivery that was invoiced as it left is none of this; one that arrived before neither.
    """
    if not travelling.is_known(tx.connection, arrived.delivery_id):
        return
    account, order = lock_billed(tx, arrived.customer_id, arrived.order_id)
    lines = tuple(travelling.lock(tx.connection, arrived.delivery_id))
    if travelling.arrival_of(tx.connection, arrived.delivery_id) is not None:
        return
    journey = _Journey(account, order, arrived.delivery_id, arrived.number, lines)
    refused = _within(_summed((line.order_line_id, line.refused) for line in arrived.lines), lines)
    kept = Arrival(arrived.delivery_id, arrived.return_number if refused else None)
    travelling.add_arrival(tx, order.order_id, arrived.delivered_on, kept)
    take = accepted(lines, refused)
    parts = _take(tx, journey, take, refused)
    order = _never_invoiced(tx, journey, refused, "refused", terms)
    if parts:
        _invoice(tx, replace(journey, order=order), arrived, parts, terms)
    credit_rest(tx, order.order_id, terms)


def _order(tx: Transaction, order: Order) -> Order:
    found = orders.lock(tx.connection, order.order_id)
    assert found is not None, "an order is never deleted"
    return found


def _summed(parts: Iterable[tuple[str, Quantity]]) -> dict[str, Quantity]:
    sums: dict[str, Quantity] = {}
    for line_id, quantity in parts:
        sums[line_id] = sums.get(line_id, _NONE) + quantity
    return sums


def _within(wanted: Mapping[str, Quantity], lines: Iterable[Travelling]) -> dict[str, Quantity]:
    found = {line.order_line_id: min(wanted.get(line.order_line_id, _NONE), line.quantity) for line in lines}
    return {line_id: quantity for line_id, quantity in found.items() if quantity}


def _take(
    tx: Transaction,
    journey: _Journey,
    take: Mapping[str, Quantity],
    refused: Mapping[str, Quantity],
    *,
    came_back: bool = False,
) -> list[Travelling]:
    """Take quantities out of what is on its way; return what was taken, each part with its cost.

    ``came_back``: nobody has signed for it.
    """
    parts, left = [], []
    for line in journey.lines:
        quantity = take.get(line.order_line_id, _NONE)
        if quantity:
            part, line = taken(line, quantity)
            parts.append(part)
        still = min(refused.get(line.order_line_id, _NONE), line.quantity)
        left.append(travelling.Left(line, still, quantity if came_back else _NONE))
    travelling.keep(tx.connection, journey.delivery_id, left)
    return parts


def _never_invoiced(
    tx: Transaction, journey: _Journey, quantities: Mapping[str, Quantity], reason: str, terms: Terms
) -> Order:
    """Count what left and will not be invoiced, give its credit back and tell of it; return the order after that."""
    if not quantities:
        return journey.order
    kept = {
        line.order_line_id: kept_among(line, line.invoiced_quantity, quantities[line.order_line_id])
        for line in journey.order.lines
        if line.order_line_id in quantities
    }
    orders.waive(tx.connection, quantities, kept)
    order = _order(tx, journey.order)
    told = DeliveryNotInvoiced(
        order_id=order.order_id,
        delivery_id=journey.delivery_id,
        customer_id=order.customer_id,
        reason=reason,
        lines=tuple(UninvoicedLine(line_id, quantity) for line_id, quantity in quantities.items()),
        order_fully_invoiced=order.is_invoiced,
    )
    publish(tx, told, correlation_id=order.correlation_id)
    free_credit(tx, journey.account, order, worth_of(journey.order, quantities), terms)
    return order


def free_credit(tx: Transaction, account: Account, order: Order, worth: Money, terms: Terms) -> None:
    """Hold so much less for a locked order, and nothing once nothing of it is left to be invoiced."""
    hold = holds.find(tx.connection, order.order_id, locked=True)
    if hold is None or hold.state != "granted":
        return
    freed = hold.held if order.is_invoiced else min(worth, hold.held)
    state: HoldState = "used" if order.is_invoiced else "granted"
    holds.settle(tx.connection, order.order_id, state, hold.held - freed, tx.now, hold.reason)
    after = accounts.move(tx.connection, account.customer_id, held=-freed.minor)
    if freed:
        grant_waiting(tx, after, terms)


def _invoice(
    tx: Transaction, journey: _Journey, arrived: ArrivedDelivery, parts: list[Travelling], terms: Terms
) -> None:
    shipped = ShippedDelivery(
        delivery_id=arrived.delivery_id,
        number=arrived.number,
        order_id=arrived.order_id,
        customer_id=arrived.customer_id,
        shipped_on=arrived.delivered_on,
        lines=tuple(ShippedLine(part.order_line_id, part.quantity) for part in parts),
    )
    account = accounts.lock(tx.connection, arrived.customer_id)
    assert account is not None, "it is locked already"
    invoice = invoice_parts(tx, account, journey.order, shipped, terms)
    about = (arrived.delivery_id, arrived.number, arrived.customer_id, invoice.posted_on)
    entry = arrival_entry(*about, [part.cost for part in parts])
    if entry is not None:
        left = _worth(journey.lines)
        carried = carry_off_the_way(tx, entry, arrived.delivery_id, left, terms)
        ledger.book(tx, carried, invoice.correlation_id)


def _worth(lines: Iterable[Travelling]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for cost in (line.cost for line in lines):
        if cost is not None:
            sums[cost.currency] = sums.get(cost.currency, Money.zero(cost.currency)) + cost
    return sums


def goods_came_back(tx: Transaction, inspected: InspectedReturn, terms: Terms) -> CreditNote | None:
    """Credit goods that came back; what of them was never invoiced is only stock again."""
    if not travelling.is_known(tx.connection, inspected.delivery_id):
        return credit_return(tx, inspected, terms)
    account, order = lock_billed(tx, inspected.customer_id, inspected.order_id)
    lines = tuple(travelling.lock(tx.connection, inspected.delivery_id))
    journey = _Journey(account, order, inspected.delivery_id, inspected.number, lines)
    arrival = travelling.arrival_of(tx.connection, inspected.delivery_id)
    back = _summed((line.order_line_id, line.quantity) for line in inspected.lines)
    expected = arrival.return_number if arrival else None
    uninvoiced = returned(
        lines,
        back,
        _billed(tx, inspected.delivery_id, order.currency),
        refused_first=expected in (None, inspected.number),
    )
    refused = _still_refused(lines, uninvoiced) if arrival else {}
    parts = _take(tx, journey, uninvoiced, refused, came_back=arrival is None)
    if arrival is None:
        _never_invoiced(tx, journey, uninvoiced, "returned", terms)
    travelling.forget_return(tx.connection, order.order_id, inspected.number)
    to_credit = _left_over(inspected.lines, uninvoiced)
    note = credit_return(tx, replace(inspected, lines=to_credit), terms) if to_credit else None
    credit_rest(tx, order.order_id, terms)  # before the journal's number is taken: credit notes' come first
    _book_back(tx, journey, inspected, parts, terms)
    return note


def _still_refused(lines: Iterable[Travelling], uninvoiced: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return what is still on its way back: once a delivery has arrived, all that it has left is."""
    return {line.order_line_id: line.quantity - uninvoiced.get(line.order_line_id, _NONE) for line in lines}


def _billed(tx: Transaction, delivery_id: str, currency: str) -> dict[str, Quantity]:
    """Return what is invoiced of a delivery and not credited."""
    invoice_id = invoices.of_delivery(tx.connection, delivery_id)
    if invoice_id is None:
        return {}
    lines = credit_notes.lines_of(tx.connection, invoice_id, currency)
    return {line.order_line_id: line.left_quantity for line in lines}


def _left_over(lines: Iterable[ReturnedLine], uninvoiced: Mapping[str, Quantity]) -> tuple[ReturnedLine, ...]:
    """Return what is to be credited of goods that came back; what they cost is booked apart."""
    left, found = dict(uninvoiced), []
    for line in lines:
        off = min(left.get(line.order_line_id, _NONE), line.quantity)
        left[line.order_line_id] = left.get(line.order_line_id, _NONE) - off
        if line.quantity - off:
            found.append(replace(line, quantity=line.quantity - off, cost=None))
    return tuple(found)


def _book_back(
    tx: Transaction, journey: _Journey, inspected: InspectedReturn, parts: list[Travelling], terms: Terms
) -> None:
    on = periods.lock_now(tx.connection).first_open(inspected.inspected_on)
    entry = back_entry(
        inspected.return_id,
        inspected.number,
        inspected.customer_id,
        on,
        restocked=[line.cost for line in inspected.lines],
        uninvoiced=[part.cost for part in parts],
    )
    if entry is not None and not ledger.is_booked(tx.connection, "cost", inspected.return_id):
        carried = carry_off_the_way(tx, entry, inspected.delivery_id, _worth(journey.lines), terms)
        ledger.book(tx, carried, journey.order.correlation_id)


def return_called_off(tx: Transaction, order_id: str, number: str) -> None:
    """Expect what was refused at the door no more: what comes back of it comes with another return."""
    travelling.forget_return(tx.connection, order_id, number)


def order_ended(tx: Transaction, ended: EndedOrder, terms: Terms) -> None:
    """Credit what was invoiced or paid ahead and will never be delivered, and hold no credit for it."""
    found = orders.not_ordinary(tx.connection, [ended.order_id])
    if not found:
        return
    if found[0].invoice_on == "order":
        credit_given_up(tx, ended, terms)
        return
    account, order = lock_billed(tx, found[0].customer_id, ended.order_id)
    given_up = {line.order_line_id: line.quantity for line in ended.lines or ()}
    waived = {
        line.order_line_id: line.left if ended.lines is None else given_up.get(line.order_line_id, _NONE)
        for line in order.lines
    }
    orders.waive(tx.connection, {line_id: quantity for line_id, quantity in waived.items() if quantity})
    order = _order(tx, order)
    if order.is_invoiced:
        free_credit(tx, account, order, Money.zero(order.currency), terms)
        credit_rest(tx, order.order_id, terms)
