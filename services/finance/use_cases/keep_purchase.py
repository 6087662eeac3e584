"""Keep what was bought: placed orders, and receipts, which are booked as stock that will be invoiced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, lock_series
from libs.common.errors import Later
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine, Supplier
from services.finance.domain.purchase_books import GoodsPart, goods_entry
from services.finance.domain.terms import Terms
from services.finance.store import bought, ledger, periods
from services.finance.store.bought import ReceivedValue
from services.finance.use_cases.carry_purchases import carried_of_line, carry_goods, with_carried
from services.finance.use_cases.post_invoice import SERIES as INVOICE_SERIES
from services.finance.use_cases.supplier_invoices import match_held


@dataclass(frozen=True)
class PlacedLine:
    """A line of a purchase order, as far as finance needs it."""

    line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    unit_price: Price


@dataclass(frozen=True)
class PlacedPurchase:
    """A purchase order that was sent to the supplier."""

    purchase_order_id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    ordered_on: date
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True)
class CameIn:
    """What came in of a line; several lots of a line are several of these.

    ``value`` is what the stock is worth more with it; what does not say so is worth the order's price.
    """

    line_id: str
    quantity: Quantity
    value: Money | None = None


@dataclass(frozen=True)
class ReceivedPurchase:
    """Goods of a purchase order came in."""

    purchase_order_id: str
    supplier_id: str
    receipt_id: str
    receipt_number: str
    received_on: date
    lines: tuple[CameIn, ...]
    reference: str | None = None


@dataclass(frozen=True)
class EndedPurchase:
    """Nothing more will come of a purchase order."""

    purchase_order_id: str
    outcome: str


def lock_suppliers(tx: Transaction, supplier_ids: Iterable[str]) -> None:
    """Lock several suppliers in the one order in which everybody does, those that there are."""
    bought.lock_suppliers(tx.connection, supplier_ids)


def lock_invoice_numbers(tx: Transaction) -> None:
    """Keep the series of customers' invoices to this transaction, before it takes numbers of the journal."""
    lock_series(tx, INVOICE_SERIES)


def keep_purchase(tx: Transaction, placed: PlacedPurchase) -> None:
    """Keep a placed order and its supplier, once."""
    bought.keep_supplier(tx, Supplier(placed.supplier_id, placed.supplier_number, placed.supplier_name))
    lines = [
        BoughtLine(
            line_id=line.line_id,
            purchase_order_id=placed.purchase_order_id,
            order_number=placed.number,
            supplier_id=placed.supplier_id,
            item_id=line.item_id,
            sku=line.sku,
            ordered=line.quantity,
            unit_price=line.unit_price,
            received=Quantity.zero(),
            invoiced=Quantity.zero(),
        )
        for line in placed.lines
    ]
    bought.add_order(
        tx, placed.purchase_order_id, placed.number, placed.supplier_id, placed.ordered_on, lines
    )


def end_purchase(tx: Transaction, ended: EndedPurchase) -> None:
    """Note that nothing more will come of an order; what came in can still be invoiced."""
    if not bought.end_order(tx.connection, ended.purchase_order_id, ended.outcome):
        raise Later(f"purchase order {ended.purchase_order_id} is not here yet")


def receive_goods(tx: Transaction, came: ReceivedPurchase, terms: Terms) -> None:
    """Count and book what came in, once, at the order's price; then look at the invoices that wait for it.

    What came in on a day of a closed period is booked on the first open day.
    """
    bought.lock_suppliers(tx.connection, [came.supplier_id])
    conversation = bought.conversation_of(tx.connection, came.purchase_order_id)
    if conversation is None:
        raise Later(f"purchase order {came.purchase_order_id} is not here yet")
    if bought.has_receipt(tx.connection, came.receipt_id):
        return
    booked_on = periods.lock_now(tx.connection).first_open(came.received_on)
    parts, currency = _valued(tx, came.lines, booked_on, terms)
    value = Money.total((part.value for part in parts), currency)
    head = {
        "receipt_id": came.receipt_id,
        "number": came.receipt_number,
        "purchase_order_id": came.purchase_order_id,
        "received_on": came.received_on,
        "booked_on": booked_on,
        "currency": currency,
        "value_minor": value.minor,
        "reference": came.reference,
    }
    bought.add_receipt(tx, head, parts)
    entry = goods_entry(
        "goods_receipt",
        (came.receipt_id, came.receipt_number),
        came.supplier_id,
        booked_on,
        (GoodsPart(part.value, part.worth) for part in parts),
    )
    if entry is not None:
        owed = [(part.value, part.carried) for part in parts]
        ledger.book(tx, carry_goods(tx, entry, owed, terms), conversation)
    match_held(tx, came.supplier_id, [part.line_id for part in parts], terms)


def _valued(
    tx: Transaction, came: Iterable[CameIn], on: date, terms: Terms
) -> tuple[list[ReceivedValue], str]:
    """Return what came in of each line with its value; lots of one line are valued as what the line came to."""
    parts = list(came)
    lines = bought.lines(tx.connection, (part.line_id for part in parts))
    currency = next(iter(lines.values())).unit_price.currency
    valued = []
    for part in parts:
        line = lines[part.line_id]
        after = line.received + part.quantity
        value = line.value_between(line.received, after)
        carried = carried_of_line(tx, line, value, on, terms)
        valued.append(ReceivedValue(line.line_id, part.quantity, value, part.value or value, carried))
        lines[part.line_id] = with_carried(replace(line, received=after), carried)
    return valued, currency
