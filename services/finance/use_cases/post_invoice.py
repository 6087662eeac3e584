"""Invoices post themselves: one per shipped delivery, for what was shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from libs.common.db import Transaction, lock_series, next_number
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.company_books import at_value
from services.finance.domain.credit import use_for_invoice
from services.finance.domain.invoicing import (
    Draft,
    Invoice,
    Order,
    OrderLine,
    check_account,
    draft_invoice,
)
from services.finance.domain.ledger import cost_entry, invoice_entry
from services.finance.domain.payment_terms import instalments
from services.finance.domain.taxes import LineTax, ppm_of
from services.finance.domain.terms import Terms
from services.finance.events import InvoicedLine, InvoicePaid, InvoicePosted
from services.finance.store import accounts, dues, holds, invoices, ledger, orders, periods
from services.finance.use_cases.carry_stock import carry_pairs
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.exchange import value_of

SERIES = "invoice"
PAYMENT_SERIES = "payment"


@dataclass(frozen=True)
class ConfirmedLine:
    """A line of a confirmed order; without ``net`` and the rest it is of before there were taxes."""

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    net: Money | None = None
    tax: Money | None = None
    tax_code: str | None = None
    tax_percent: Decimal | None = None


@dataclass(frozen=True)
class RecordedOrder:
    """An order that sales wrote down."""

    order_id: str
    number: str
    customer_id: str
    total: Money
    lines: tuple[ConfirmedLine, ...]


@dataclass(frozen=True)
class ConfirmedOrder(RecordedOrder):
    """An order that sales confirmed, and how its type lets it be paid and invoiced."""

    payment: str = "on_account"
    invoice_on: str = "shipment"


@dataclass(frozen=True)
class ShippedLine:
    """A part of an order line that left the warehouse; a line may come in several parts, one per lot.

    ``cost`` is what the goods were worth, where inventory knows it.
    """

    order_line_id: str
    quantity: Quantity
    cost: Money | None = None


@dataclass(frozen=True)
class ShippedDelivery:
    """A delivery that left the warehouse."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]


def keep_order(tx: Transaction, confirmed: ConfirmedOrder) -> None:
    """Keep what finance needs of a confirmed order to invoice it; a second time changes nothing."""
    orders.add_if_new(tx.connection, _kept(tx, confirmed), tx.now)


def keep_past_order(tx: Transaction, recorded: RecordedOrder) -> None:
    """Keep an order of another system for its past invoices; a second time changes nothing.

    It is written at the end of the transaction with all others that come in it: invoices name it only later.
    """
    tx.gather(orders.add_many, _kept(tx, ConfirmedOrder(**vars(recorded))))


def _kept(tx: Transaction, confirmed: ConfirmedOrder) -> Order:
    lines = tuple(_order_line(line) for line in confirmed.lines)
    return Order(
        order_id=confirmed.order_id,
        number=confirmed.number,
        customer_id=confirmed.customer_id,
        currency=confirmed.total.currency,
        total=confirmed.total,
        correlation_id=tx.cause.correlation_id or confirmed.order_id,
        lines=lines,
        payment=confirmed.payment,
        invoice_on=confirmed.invoice_on,
    )


def _order_line(line: ConfirmedLine) -> OrderLine:
    return OrderLine(
        order_line_id=line.order_line_id,
        line_no=line.line_no,
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        amount=line.amount if line.net is None else line.net,
        invoiced_quantity=Quantity.zero(),
        invoiced_amount=Money.zero(line.amount.currency),
        tax=_tax(line),
    )


def _tax(line: ConfirmedLine) -> LineTax | None:
    if line.tax_code is None or line.tax is None or line.tax_percent is None:
        return None
    return LineTax(line.tax_code, ppm_of(line.tax_percent), line.tax)


@dataclass(frozen=True)
class OtherwiseBilled:
    """What a group of messages has of orders that are not of the ordinary kind.

    ``cash``: one that leaves is paid as it does. ``whole``: one was invoiced as a whole, so what follows is booked
    without an invoice. ``given_up_by``: the customers of those that are given up.
    """

    cash: bool = False
    whole: bool = False
    given_up_by: frozenset[str] = frozenset()


def otherwise_billed(tx: Transaction, leaving: Sequence[str], given_up: Sequence[str]) -> OtherwiseBilled:
    """Look which orders that leave, or are given up, are paid in cash or were invoiced as a whole."""
    if not (leaving or given_up):
        return OtherwiseBilled()
    off = frozenset(given_up)
    found = orders.not_ordinary(tx.connection, [*leaving, *given_up])
    whole = [each for each in found if each.invoice_on == "order"]
    return OtherwiseBilled(
        cash=any(each.payment == "cash" for each in found if each.order_id not in off),
        whole=bool(whole),
        given_up_by=frozenset(each.customer_id for each in whole if each.order_id in off),
    )


def lock_payment_numbers(tx: Transaction) -> None:
    """Keep the series of payments to this transaction, before it takes numbers of invoices and of the journal."""
    lock_series(tx, PAYMENT_SERIES)


def post_invoice(tx: Transaction, delivery: ShippedDelivery, terms: Terms) -> Invoice | None:
    """Invoice a shipped delivery and turn held credit into a receivable; ``None`` when it was done before.

    Of an order that is invoiced as a whole a shipment is not invoiced either; only what it was worth is booked.

    What was shipped in a locked period is posted on the first open day, and due from its shipment on.
    The number is taken last, for its series is locked from then until the commit.
    """
    account = accounts.lock(tx.connection, delivery.customer_id)
    order = orders.lock(tx.connection, delivery.order_id)
    if account is None or order is None:
        raise Later(f"order {delivery.order_id} or its customer's account is not here yet")
    if order.invoice_on == "order" and delivery.delivery_id != order.order_id:
        _book_cost_alone(tx, order, delivery, terms)
        return None
    if invoices.is_invoiced(tx.connection, delivery.delivery_id):
        return None
    check_account(order, account)
    draft = draft_invoice(order, [(line.order_line_id, line.quantity) for line in delivery.lines])
    if draft.order_fully_invoiced:
        orders.set_invoiced(tx.connection, order.order_id)
    else:
        orders.add_invoiced(tx.connection, draft.lines)
    _claim(tx, account, order, draft, terms)
    return _post(tx, delivery, order, draft, terms)


def _claim(tx: Transaction, account: Account, order: Order, draft: Draft, terms: Terms) -> None:
    """Move the invoiced amount from held to receivable; with the last invoice free the rest of the hold."""
    hold = holds.find(tx.connection, order.order_id, locked=True)
    if hold is None or hold.state not in ("waiting", "granted"):
        accounts.move(tx.connection, account.customer_id, receivable=draft.total.minor)
        return
    use = use_for_invoice(hold, draft.total, order_fully_invoiced=draft.order_fully_invoiced)
    holds.settle(tx.connection, order.order_id, use.state, use.left, tx.now)
    after = accounts.move(
        tx.connection, account.customer_id, held=-use.given_up.minor, receivable=draft.total.minor
    )
    # A granted hold that was used up freed nothing; a waiting one may have kept others waiting behind it.
    if use.freed or (hold.state == "waiting" and use.state == "used"):
        grant_waiting(tx, after, terms)


def _post(tx: Transaction, delivery: ShippedDelivery, order: Order, draft: Draft, terms: Terms) -> Invoice:
    posted_on = periods.lock_now(tx.connection).first_open(delivery.shipped_on)
    company = value_of(tx, draft.total, posted_on, terms)
    agreed = dues.terms_of(tx.connection, order.customer_id)
    parts = instalments(agreed, draft.total, delivery.shipped_on, posted_on) if agreed else ()
    if order.payment == "cash":
        lock_payment_numbers(tx)  # whoever receives money takes its number before that of the journal
    due_on = parts[-1].due_on if parts else max(terms.due_on(delivery.shipped_on), posted_on)
    invoice = Invoice(
        invoice_id=tx.new_id(),
        number=f"INV-{next_number(tx, SERIES):06d}",
        order_id=order.order_id,
        delivery_id=delivery.delivery_id,
        customer_id=order.customer_id,
        posted_on=posted_on,
        due_on=due_on,
        total=draft.total,
        open=draft.total,
        tax_minor=draft.tax.minor,
        company=company,
        correlation_id=order.correlation_id,
        paid_by=order.payment,
    )
    invoices.add(
        tx.connection,
        invoice,
        draft.lines,
        order_number=order.number,
        delivery_number=delivery.number,
        created_at=tx.now,
    )
    if agreed and len(parts) > 1:
        dues.add_parts(tx.connection, invoice.invoice_id, parts, agreed)
    _book(tx, invoice, draft, delivery, terms)
    publish_posted(tx, invoice, draft)
    return invoice


def _book(tx: Transaction, invoice: Invoice, draft: Draft, delivery: ShippedDelivery, terms: Terms) -> None:
    """Book what the customer owes, and beside it what the goods were worth: two entries, written together."""
    about = (invoice.customer_id, invoice.posted_on)
    costs = (line.cost for line in delivery.lines)
    owed = invoice_entry(invoice.invoice_id, invoice.number, *about, invoice.total, draft.taxes)
    cost = cost_entry(delivery.delivery_id, delivery.number, *about, costs)
    entries = (
        None if owed is None else at_value(owed, invoice.company),
        None if cost is None else carry_pairs(tx, cost, terms),
    )
    bookings = [ledger.Booking(entry, invoice.correlation_id) for entry in entries if entry is not None]
    if bookings:
        ledger.book_many(tx, bookings)


def _book_cost_alone(tx: Transaction, order: Order, delivery: ShippedDelivery, terms: Terms) -> None:
    """Book what the goods were worth, once: what they were sold for is on the invoice of the whole order."""
    on = periods.lock_now(tx.connection).first_open(delivery.shipped_on)
    costs = (line.cost for line in delivery.lines)
    entry = cost_entry(delivery.delivery_id, delivery.number, order.customer_id, on, costs)
    if entry is not None and not ledger.is_booked(tx.connection, "cost", delivery.delivery_id):
        ledger.book(tx, carry_pairs(tx, entry, terms), order.correlation_id)


def publish_posted(tx: Transaction, invoice: Invoice, draft: Draft) -> None:
    """Say, in the order's conversation, that the invoice is posted, and one of nothing that it is paid."""
    posted = InvoicePosted(
        invoice_id=invoice.invoice_id,
        number=invoice.number,
        order_id=invoice.order_id,
        delivery_id=invoice.delivery_id,
        customer_id=invoice.customer_id,
        posted_on=invoice.posted_on,
        due_on=invoice.due_on,
        total=invoice.total,
        lines=tuple(
            InvoicedLine(line.order_line_id, line.item_id, line.quantity, line.amount, line.tax_amount)
            for line in draft.lines
        ),
        order_fully_invoiced=draft.order_fully_invoiced,
        tax=draft.tax,
    )
    publish(tx, posted, correlation_id=invoice.correlation_id)
    if invoice.payment_state == "paid":
        publish_paid(tx, invoice)


def publish_paid(tx: Transaction, invoice: Invoice) -> None:
    """Say, in the order's conversation, that nothing of the invoice is open."""
    paid = InvoicePaid(
        invoice.invoice_id, invoice.number, invoice.order_id, invoice.customer_id, invoice.total
    )
    publish(tx, paid, correlation_id=invoice.correlation_id)
