"""Invoices post themselves: one per delivery, for what was shipped, or for what the customer has signed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, lock_series, next_number
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.finance.domain.account import Account
from services.finance.domain.company_books import at_value, billed
from services.finance.domain.credit import use_for_invoice
from services.finance.domain.down_payment import DownPayment, deduct
from services.finance.domain.in_transit import Travelling
from services.finance.domain.invoicing import Draft, Invoice, InvoiceKind, Order, check_account, draft_invoice
from services.finance.domain.ledger import Entry, cost_entry, invoice_entry
from services.finance.domain.payment_terms import instalments
from services.finance.domain.roles import COST_OF_SALES, DOWN_PAYMENTS, IN_TRANSIT
from services.finance.domain.terms import Terms
from services.finance.events import InvoicedLine, InvoicePaid, InvoicePosted
from services.finance.store import (
    accounts,
    down_payments,
    dues,
    holds,
    invoices,
    ledger,
    orders,
    periods,
    receivable_months,
)
from services.finance.use_cases.carry_stock import carry_pairs
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.exchange import value_of
from services.finance.use_cases.send_off import send_off

SERIES = "invoice"
PAYMENT_SERIES = "payment"
CREDIT_NOTE_SERIES = "credit_note"


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
    """A delivery that left the warehouse, which had been told of the order's changes up to ``change_no``."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]
    change_no: int = 0


@dataclass(frozen=True)
class OtherwiseBilled:
    """What a group of messages has of orders that are not of the ordinary kind.

    ``cash``: one that leaves is paid as it does. ``without_invoice``: of one what leaves is booked without an invoice.
    ``given_up_by``: the customers of those that are given up. ``credits``: of one a part may be credited at its end.
    """

    cash: bool = False
    without_invoice: bool = False
    given_up_by: frozenset[str] = frozenset()
    credits: bool = False


def otherwise_billed(tx: Transaction, leaving: Sequence[str], given_up: Sequence[str]) -> OtherwiseBilled:
    """Look which orders that leave, arrive or are given up are not of the ordinary kind."""
    if not (leaving or given_up):
        return OtherwiseBilled()
    off = frozenset(given_up)
    found = orders.not_ordinary(tx.connection, [*leaving, *given_up])
    special = [each for each in found if each.invoice_on != "shipment" or each.down_payment_bp]
    return OtherwiseBilled(
        cash=any(each.payment == "cash" for each in found if each.order_id not in off),
        without_invoice=any(each.invoice_on != "shipment" for each in found),
        given_up_by=frozenset(each.customer_id for each in special if each.order_id in off),
        credits=any(each.down_payment_bp for each in found),
    )


def lock_payment_numbers(tx: Transaction) -> None:
    """Keep the series of payments to this transaction, before it takes numbers of invoices and of the journal."""
    lock_series(tx, PAYMENT_SERIES)


def post_invoice(tx: Transaction, delivery: ShippedDelivery, terms: Terms) -> Invoice | None:
    """Invoice a shipped delivery and turn held credit into a receivable; ``None`` when it was done before.

    Of an order that is invoiced as a whole a shipment is not invoiced either; only what it was worth is booked. Where
    the customer has to sign first, what left is in transit until then.

    What was shipped in a locked period is posted on the first open day, and due from its shipment on.
    The number is taken last, for its series is locked from then until the commit.
    """
    account, order = lock_billed(tx, delivery.customer_id, delivery.order_id)
    if order.change_no < delivery.change_no:
        raise Later(f"change {delivery.change_no} of order {order.number} is not here yet")
    if order.invoice_on == "order" and delivery.delivery_id != order.order_id:
        _book_cost(tx, order, delivery, COST_OF_SALES, terms)
        return None
    if order.invoice_on == "delivery":
        check_account(order, account)
        parts = [Travelling(line.order_line_id, line.quantity, line.cost) for line in delivery.lines]
        if send_off(tx, order, (delivery.delivery_id, delivery.number, delivery.shipped_on), parts):
            _book_cost(tx, order, delivery, IN_TRANSIT, terms)
        return None
    if invoices.is_invoiced(tx.connection, delivery.delivery_id):
        return None
    return invoice_parts(tx, account, order, delivery, terms)


def lock_billed(tx: Transaction, customer_id: str, order_id: str) -> tuple[Account, Order]:
    """Return a customer's account and an order, both locked, the account first."""
    account = accounts.lock(tx.connection, customer_id)
    order = orders.lock(tx.connection, order_id)
    if account is None or order is None:
        raise Later(f"order {order_id} or its customer's account is not here yet")
    return account, order


def invoice_parts(
    tx: Transaction, account: Account, order: Order, delivery: ShippedDelivery, terms: Terms
) -> Invoice:
    """Invoice the lines of a delivery of a locked order, less what was invoiced as its down payment."""
    check_account(order, account)
    draft = draft_invoice(order, [(line.order_line_id, line.quantity) for line in delivery.lines])
    paid_ahead = down_payments.find(tx.connection, order.order_id) if order.down_payment_bp else None
    if paid_ahead is not None:
        draft = deduct(order, draft, paid_ahead)
        if draft.order_fully_invoiced:  # what is left of the down payment is credited after it
            lock_series(tx, CREDIT_NOTE_SERIES)
    if draft.order_fully_invoiced and not any(line.waived for line in order.lines):
        orders.set_invoiced(tx.connection, order.order_id)
    else:
        orders.add_invoiced(tx.connection, draft.lines)
    _claim(tx, account, order, draft, terms)
    return _post(tx, delivery, order, draft, terms, paid_ahead)


def post_down_payment(
    tx: Transaction, account: Account, order: Order, draft: Draft, terms: Terms
) -> tuple[Invoice, Entry]:
    """Post the invoice of a down payment of a locked order; return it, and its entry.

    It is for no delivery: the order's own id and number stand in its place.
    """
    _claim(tx, account, order, draft, terms)
    of_order = ShippedDelivery(
        order.order_id, order.number, order.order_id, order.customer_id, terms.today(tx.now), ()
    )
    invoice = _stored(tx, of_order, order, draft, terms, "down_payment")
    about = (invoice.customer_id, invoice.posted_on)
    entry = invoice_entry(
        invoice.invoice_id, invoice.number, *about, invoice.total, draft.taxes, earns=DOWN_PAYMENTS
    )
    assert entry is not None, "a down payment of nothing is not asked for"
    booked = at_value(entry, invoice.company)
    ledger.book(tx, booked, invoice.correlation_id)
    publish_posted(tx, invoice, draft)
    return invoice, booked


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


def _post(
    tx: Transaction,
    delivery: ShippedDelivery,
    order: Order,
    draft: Draft,
    terms: Terms,
    paid_ahead: DownPayment | None,
) -> Invoice:
    invoice = _stored(tx, delivery, order, draft, terms, "goods")
    before = None
    if paid_ahead is not None:
        before = _take_down_payment(tx, invoice, draft, paid_ahead)
    _book(tx, invoice, draft, delivery, before, terms)
    publish_posted(tx, invoice, draft)
    return invoice


def _take_down_payment(
    tx: Transaction, invoice: Invoice, draft: Draft, paid_ahead: DownPayment
) -> Money | None:
    """Take what the invoice deducts off the down payment; return what that is carried at in the company's books."""
    net = draft.deducted
    tax = Money.total((each.tax_amount for each in draft.deductions), net.currency)
    if not down_payments.take(tx.connection, invoice.order_id, net, tax):
        raise RuntimeError(f"the down payment that {invoice.number} deducts changed under lock")
    down_payments.add_deductions(tx.connection, invoice.invoice_id, draft.deductions)
    return paid_ahead.carried.part(paid_ahead.left_net, net)


def _stored(
    tx: Transaction,
    delivery: ShippedDelivery,
    order: Order,
    draft: Draft,
    terms: Terms,
    kind: InvoiceKind,
) -> Invoice:
    posted_on = periods.lock_now(tx.connection).first_open(delivery.shipped_on)
    company = value_of(tx, draft.total, posted_on, terms)
    agreed = dues.terms_of(tx.connection, order.customer_id)
    parts = instalments(agreed, draft.total, delivery.shipped_on, posted_on) if agreed else ()
    if order.payment == "cash":
        lock_payment_numbers(tx)  # whoever receives money takes its number before that of the journal
    due_on = parts[-1].due_on if parts else max(terms.due_on(delivery.shipped_on), posted_on)
    lets_off = kind == "goods" and agreed is not None
    off, until = agreed.offer(draft.total, delivery.shipped_on) if agreed and lets_off else (None, None)
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
        kind=kind,
        discount=off,
        discount_until=until,
        follows_down_payment=bool(order.down_payment_bp) and kind == "goods",
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
    return invoice


def _book(
    tx: Transaction,
    invoice: Invoice,
    draft: Draft,
    delivery: ShippedDelivery,
    before: Money | None,
    terms: Terms,
) -> None:
    """Book what the customer owes, and beside it what the goods were worth: two entries, written together."""
    about = (invoice.customer_id, invoice.posted_on)
    costs = (line.cost for line in delivery.lines)
    owed = invoice_entry(
        invoice.invoice_id, invoice.number, *about, invoice.total, draft.taxes, deducted=draft.deducted
    )
    cost = cost_entry(delivery.delivery_id, delivery.number, *about, costs)
    entries = (
        None if owed is None else billed(owed, invoice.company, before),
        None if cost is None else carry_pairs(tx, cost, terms),
    )
    bookings = [ledger.Booking(entry, invoice.correlation_id) for entry in entries if entry is not None]
    if bookings:
        ledger.book_many(tx, bookings)


def _book_cost(tx: Transaction, order: Order, delivery: ShippedDelivery, to: str, terms: Terms) -> None:
    """Book what the goods were worth, once: what they are sold for is on another invoice, or on none yet."""
    on = periods.lock_now(tx.connection).first_open(delivery.shipped_on)
    costs = (line.cost for line in delivery.lines)
    entry = cost_entry(delivery.delivery_id, delivery.number, order.customer_id, on, costs, to)
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
            if invoice.kind == "goods"
        ),
        order_fully_invoiced=draft.order_fully_invoiced,
        tax=draft.tax,
        kind=invoice.kind,
        deducted=Money.total((each.gross for each in draft.deductions), invoice.total.currency)
        if draft.deductions
        else None,
    )
    publish(tx, posted, correlation_id=invoice.correlation_id)
    earned = (line.amount for line in draft.lines if invoice.kind == "goods")
    revenue = Money.total(earned, invoice.total.currency)
    receivable_months.invoiced(tx, invoice.customer_id, invoice.posted_on, invoice.total, revenue)
    if invoice.payment_state == "paid":
        publish_paid(tx, invoice)


def publish_paid(tx: Transaction, invoice: Invoice) -> None:
    """Say, in the order's conversation, that nothing of the invoice is open."""
    paid = InvoicePaid(
        invoice.invoice_id, invoice.number, invoice.order_id, invoice.customer_id, invoice.total
    )
    publish(tx, paid, correlation_id=invoice.correlation_id)
