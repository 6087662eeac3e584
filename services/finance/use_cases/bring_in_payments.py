"""Bring in payments of another system with what they paid: in bulk, with their own numbers, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from services.finance.domain.account import Account, AccountNotFound
from services.finance.domain.history import NumberTaken, PastPayment, PastShare, payment_faults
from services.finance.domain.invoicing import Invoice
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.payment import (
    Payment,
    ReferenceUsed,
    check_allocation,
    clean_reference,
    make_allocation,
    require_positive,
)
from services.finance.domain.periods import PeriodLock
from services.finance.domain.terms import Terms
from services.finance.store import accounts, invoices, ledger, payments, periods
from services.finance.use_cases.credit import grant_for
from services.finance.use_cases.exchange import value_if_known
from services.finance.use_cases.payments import (
    AllocationOvertaken,
    PaidPart,
    allocation_booking,
    receipt_booking,
    tell_allocated,
    tell_received,
)


@dataclass
class _Books:
    """What the payments change, locked; ``invoices`` counts along what is open."""

    accounts: dict[str, Account]
    invoices: dict[str, Invoice]
    numbers: set[str]
    references: set[tuple[str, str]]
    lock: PeriodLock
    payments: list[Payment] = field(default_factory=list)
    taken: dict[str, list[PaidPart]] = field(default_factory=dict)


def bring_in_payments(tx: Transaction, past: Sequence[PastPayment], terms: Terms) -> list[Payment]:
    """Book ``past`` with what each part paid, and tell of it; ``EntriesRefused`` names every one that cannot be.

    Orders that wait for credit and now fit are granted.
    """
    books = _open(tx, past)
    today = terms.today(tx.now)
    refusals: list[tuple[int, MeridianError]] = []
    for place, wanted in enumerate(past):
        faults = [*payment_faults(wanted, today, books.lock), *_book_faults(books, wanted)]
        if not faults:
            faults = list(_receive(tx, books, wanted, terms))
        refusals += [(place, fault) for fault in faults]
    if refusals:
        raise EntriesRefused(refusals)
    _store(tx, books)
    for payment in books.payments:
        tell_received(tx, payment)
        tell_allocated(tx, payment, books.taken[payment.payment_id])
    for customer_id in sorted({payment.customer_id for payment in books.payments}):
        grant_for(tx, customer_id, terms)
    return books.payments


def _open(tx: Transaction, past: Sequence[PastPayment]) -> _Books:
    """Lock accounts, then invoices: the same order as everybody, so nobody waits in a ring."""
    customers = [wanted.customer_id for wanted in past]
    paid = [share.invoice_id for wanted in past for share in wanted.shares if share.invoice_id]
    return _Books(
        accounts=accounts.lock_many(tx.connection, customers),
        invoices=invoices.lock_many(tx.connection, paid),
        numbers=payments.taken(tx.connection, (wanted.number for wanted in past)),
        references=payments.used_references(tx.connection, _references(past)),
        lock=periods.lock_now(tx.connection),
    )


def _references(past: Sequence[PastPayment]) -> dict[str, list[str]]:
    """Return the bank references by customer; one that cannot be read is refused later, for what is wrong with it."""
    found: dict[str, list[str]] = {}
    for wanted in past:
        with suppress(MeridianError):
            found.setdefault(wanted.customer_id, []).append(clean_reference(wanted.reference))
    return found


def _book_faults(books: _Books, past: PastPayment) -> Iterator[MeridianError]:
    """Give what the books have against a payment; from then on its number and its reference are taken."""
    if past.number in books.numbers:
        yield NumberTaken(f"there is a payment {past.number} already", field="number")
    account = books.accounts.get(past.customer_id)
    if account is None:
        yield AccountNotFound(f"there is no account of customer {past.customer_id}", field="customer_id")
        return
    try:
        key = (past.customer_id, clean_reference(past.reference))
    except MeridianError as fault:
        yield fault
        return
    if key in books.references:
        yield ReferenceUsed(f"{account.name} has a payment with this reference", field="reference")
    books.numbers.add(past.number)
    books.references.add(key)
    for place, share in enumerate(past.shares):
        try:
            require_positive(share.amount, account.currency, f"shares.{place}.amount")
        except MeridianError as fault:
            yield fault


def _receive(tx: Transaction, books: _Books, past: PastPayment, terms: Terms) -> Iterator[MeridianError]:
    """Add the payment and its parts to the books; give the parts that cannot pay what they shall."""
    amount = past.amount
    payment = Payment(
        payment_id=tx.new_id(),
        number=past.number,
        customer_id=past.customer_id,
        amount=amount,
        unallocated=amount,
        reference=clean_reference(past.reference),
        received_on=past.received_on,
        company=value_if_known(tx, amount, past.received_on, terms),
    )
    parts = books.taken.setdefault(payment.payment_id, [])
    for place, share in enumerate(past.shares):
        try:
            if share.invoice_id is not None:
                parts.append(_allocate(tx, books, payment, share, share.invoice_id, f"shares.{place}."))
                payment = replace(payment, unallocated=payment.unallocated - share.amount)
        except MeridianError as fault:
            yield fault
    books.payments.append(payment)


def _allocate(
    tx: Transaction, books: _Books, payment: Payment, share: PastShare, invoice_id: str, where: str
) -> PaidPart:
    invoice = books.invoices.get(invoice_id)
    if invoice is None:
        raise InvoiceNotFound(f"there is no invoice {invoice_id}", field=f"{where}invoice_id")
    check_allocation(payment, invoice, share.amount, where)
    allocation = make_allocation(tx.new_id(), payment, invoice, share.amount, books.lock)
    paid = replace(invoice, open=invoice.open - share.amount)
    books.invoices[invoice_id] = paid
    return PaidPart(allocation, paid, payment.unallocated)


def _store(tx: Transaction, books: _Books) -> None:
    """Store everything, the numbers of the journal last, for they are held until the commit."""
    parts = [part for taken in books.taken.values() for part in taken]
    payments.add_many(tx.connection, books.payments, recorded_by=tx.cause.actor, created_at=tx.now)
    payments.add_allocations(tx.connection, [part.allocation for part in parts], tx.now)
    for part in parts:
        _pay(tx, part)
    _move(tx, books)
    ledger.book_many(
        tx, [booking for payment in books.payments for booking in _bookings(payment, books.taken)]
    )


def _pay(tx: Transaction, part: PaidPart) -> None:
    """Take the part off the invoice by the same conditional update as every allocation."""
    taken = part.allocation
    paid = invoices.pay(
        tx.connection, taken.invoice_id, part.paid.customer_id, taken.amount, taken.allocated_on
    )
    if paid is None:
        raise AllocationOvertaken(f"{part.paid.number} changed meanwhile", cure="import the file again")


def _move(tx: Transaction, books: _Books) -> None:
    owed: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for payment in books.payments:
        kept[payment.customer_id] += payment.unallocated.minor
        owed[payment.customer_id] -= payment.amount.minor - payment.unallocated.minor
    for customer_id in sorted(kept):
        accounts.move(tx.connection, customer_id, receivable=owed[customer_id], unallocated=kept[customer_id])


def _bookings(payment: Payment, taken: dict[str, list[PaidPart]]) -> Iterator[ledger.Booking]:
    yield receipt_booking(payment)
    for part in taken[payment.payment_id]:
        yield allocation_booking(payment, part)
