"""Bring in invoices of another system: posted in bulk with their own numbers and days, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.company_books import at_value
from services.finance.domain.history import (
    DeliveryInvoiced,
    DeliveryNotRecorded,
    NumberTaken,
    PastInvoice,
    RecordedDelivery,
    invoice_faults,
)
from services.finance.domain.invoicing import Draft, Invoice, Order, check_account, draft_invoice
from services.finance.domain.ledger import invoice_entry
from services.finance.domain.terms import Terms
from services.finance.store import accounts, invoices, ledger, orders, periods, recorded
from services.finance.use_cases.exchange import value_if_known
from services.finance.use_cases.post_invoice import ShippedLine, publish_posted


@dataclass(frozen=True)
class PastShipment:
    """A delivery that left from another system, as inventory wrote it down."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]


@dataclass
class _Books:
    """What the invoices are made from, locked; ``orders`` counts along what was billed."""

    accounts: dict[str, Account]
    orders: dict[str, Order]
    deliveries: dict[str, RecordedDelivery]
    invoiced: dict[str, str]
    numbers: set[str]


@dataclass(frozen=True)
class _Drawn:
    """An invoice drawn up, with what stands on it."""

    invoice: Invoice
    draft: Draft
    order_number: str
    delivery_number: str


def keep_delivery(tx: Transaction, shipped: PastShipment) -> None:
    """Keep a past delivery until its past invoice is brought in; a second time changes nothing.

    It is written at the end of the transaction with all others that come in it.
    """
    quantities: dict[str, Quantity] = {}
    for line in shipped.lines:
        before = quantities.get(line.order_line_id, Quantity.zero())
        quantities[line.order_line_id] = before + line.quantity
    kept = RecordedDelivery(
        shipped.delivery_id,
        shipped.number,
        shipped.order_id,
        shipped.customer_id,
        shipped.shipped_on,
        quantities,
    )
    tx.gather(recorded.add_many, kept)


def bring_in_invoices(tx: Transaction, past: Sequence[PastInvoice], terms: Terms) -> list[Invoice]:
    """Post ``past``, in its sequence, and tell of each; ``EntriesRefused`` names every one that cannot be.

    Each bills its delivery by the same cumulative share as every invoice. The receivable is raised whatever the
    limit says: the claim exists already. One of a currency without a rate stands in its own currency alone.
    """
    books = _open(tx, past)
    today, lock = terms.today(tx.now), periods.lock_now(tx.connection)
    drawn: list[_Drawn] = []
    refusals: list[tuple[int, MeridianError]] = []
    for place, wanted in enumerate(past):
        faults = [*invoice_faults(wanted, today, lock), *_book_faults(books, wanted)]
        try:
            if not faults:
                drawn.append(_draw_up(tx, books, wanted, terms))
        except MeridianError as fault:
            fault.field = "delivery_id"
            faults.append(fault)
        refusals += [(place, fault) for fault in faults]
    if refusals:
        raise EntriesRefused(refusals)
    _post(tx, drawn)
    return [each.invoice for each in drawn]


def _open(tx: Transaction, past: Sequence[PastInvoice]) -> _Books:
    """Lock accounts, then orders: the same order as everybody, so nobody waits in a ring."""
    ids = [wanted.delivery_id for wanted in past]
    deliveries = recorded.known(tx.connection, ids)
    found = deliveries.values()
    return _Books(
        accounts=accounts.lock_many(tx.connection, (delivery.customer_id for delivery in found)),
        orders=orders.lock_many(tx.connection, (delivery.order_id for delivery in found)),
        deliveries=deliveries,
        invoiced=recorded.invoiced(tx.connection, ids),
        numbers=invoices.taken(tx.connection, (wanted.number for wanted in past)),
    )


def _book_faults(books: _Books, past: PastInvoice) -> Iterator[MeridianError]:
    """Give what the books have against an invoice; from then on its number and its delivery are taken."""
    if past.number in books.numbers:
        yield NumberTaken(f"there is an invoice {past.number} already", field="number")
    delivery = books.deliveries.get(past.delivery_id)
    if (
        delivery is None
        or delivery.order_id not in books.orders
        or delivery.customer_id not in books.accounts
    ):
        yield DeliveryNotRecorded("this delivery was not brought in", field="delivery_id")
    elif past.delivery_id in books.invoiced:
        number = books.invoiced[past.delivery_id]
        yield DeliveryInvoiced(f"{delivery.number} is billed by {number}", field="delivery_id")
    books.numbers.add(past.number)
    books.invoiced.setdefault(past.delivery_id, past.number)


def _draw_up(tx: Transaction, books: _Books, past: PastInvoice, terms: Terms) -> _Drawn:
    delivery = books.deliveries[past.delivery_id]
    order = books.orders[delivery.order_id]
    check_account(order, books.accounts[delivery.customer_id])
    draft = draft_invoice(order, list(delivery.quantities.items()))
    books.orders[order.order_id] = _billed(order, draft)
    invoice = Invoice(
        invoice_id=tx.new_id(),
        number=past.number,
        order_id=order.order_id,
        delivery_id=delivery.delivery_id,
        customer_id=order.customer_id,
        posted_on=past.posted_on,
        due_on=past.due_on,
        total=draft.total,
        open=draft.total,
        tax_minor=draft.tax.minor,
        company=value_if_known(tx, draft.total, past.posted_on, terms),
        correlation_id=order.correlation_id,
    )
    return _Drawn(invoice, draft, order.number, delivery.number)


def _billed(order: Order, draft: Draft) -> Order:
    by_line = {line.order_line_id: line for line in draft.lines}
    nothing = Money.zero(order.currency)
    return replace(
        order,
        lines=tuple(
            replace(
                line,
                invoiced_quantity=line.invoiced_quantity + by_line[line.order_line_id].quantity,
                invoiced_amount=line.invoiced_amount + by_line[line.order_line_id].amount,
                invoiced_tax=by_line[line.order_line_id].tax_amount + (line.invoiced_tax or nothing),
            )
            if line.order_line_id in by_line
            else line
            for line in order.lines
        ),
    )


def _post(tx: Transaction, drawn: Sequence[_Drawn]) -> None:
    """Store everything, the numbers of the journal last, for they are held until the commit."""
    connection = tx.connection
    orders.add_invoiced(connection, tuple(line for each in drawn for line in each.draft.lines))
    raised: Counter[str] = Counter()
    for each in drawn:
        raised[each.invoice.customer_id] += each.invoice.total.minor
    for customer_id, minor in sorted(raised.items()):
        accounts.move(connection, customer_id, receivable=minor)
    rows = [
        invoices.Posted(each.invoice, each.draft.lines, each.order_number, each.delivery_number)
        for each in drawn
    ]
    invoices.add_many(connection, rows, created_at=tx.now)
    ledger.book_many(tx, [booking for each in drawn for booking in _bookings(each)])
    for each in drawn:
        publish_posted(tx, each.invoice, each.draft)


def _bookings(drawn: _Drawn) -> Iterator[ledger.Booking]:
    invoice = drawn.invoice
    entry = invoice_entry(
        invoice.invoice_id,
        invoice.number,
        invoice.customer_id,
        invoice.posted_on,
        invoice.total,
        drawn.draft.taxes,
    )
    if entry is not None:
        yield ledger.Booking(at_value(entry, invoice.company), invoice.correlation_id)
