"""Ageing of receivables as of any day: what was open then, by days past due, beside what the ledger says.

What was open on a day is what is open now and what was allocated after that day, from payments and from credit notes;
so today's ageing reads the open invoices only, by their index, and an earlier day's the later allocations too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Row,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from libs.common.money import Money
from services.finance.domain.ageing import BUCKETS, Bucket, bucket_of
from services.finance.domain.roles import ADVANCES, RECEIVABLES
from services.finance.reports.paging import Position
from services.finance.store import chart
from services.finance.store.billing_tables import cash_discount
from services.finance.store.credit_tables import credit_allocation, credit_note
from services.finance.store.dues import PART, open_part
from services.finance.store.settlement_tables import refund, write_off
from services.finance.store.tables import account, allocation, invoice, journal_entry, payment, posting
from services.finance.store.teams import SIGHT

_NAMES = tuple(bucket.name for bucket in BUCKETS)
_NOTHING = literal(0, BigInteger)
_NO_DAY = cast(null(), Date)


@dataclass(frozen=True)
class Aged:
    """Open amounts by days past due, in minor units of one currency, and the money that is not matched yet."""

    not_due: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    days_91_120: Money
    over_120_days: Money
    open: Money
    overdue: Money
    unallocated: Money
    balance: Money


@dataclass(frozen=True)
class Control:
    """A control account of the ledger beside the sum of the documents, as of the same day; they must not differ."""

    account: str
    ledger: Money
    documents: Money
    difference: Money


@dataclass(frozen=True)
class CurrencyAgeing:
    """All that is owed in one currency, by so many customers; ``controls`` where they were asked for."""

    currency: str
    customers: int
    amounts: Aged
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Ageing:
    """The ageing of a day."""

    as_of: date
    currencies: tuple[CurrencyAgeing, ...]


@dataclass(frozen=True)
class CustomerAgeing:
    """What one customer owes in one currency on a day."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None
    currency: str
    oldest_due_on: date | None
    amounts: Aged


@dataclass(frozen=True)
class OpenDocument:
    """An invoice open on a day, or a payment or credit note not matched then; the other figure is zero."""

    kind: str
    document_id: str
    number: str
    day: date
    due_on: date | None
    days_overdue: int
    bucket: str | None
    open: Money
    unallocated: Money


@dataclass(frozen=True)
class AgeingSearch:
    """Whose figures are looked for; ``only_owner`` limits them to one salesperson's customers."""

    as_of: date
    currency: str | None = None
    customer_id: str | None = None
    only_owner: str | None = None


def ageing(connection: Connection, wanted: AgeingSearch, *, with_controls: bool) -> Ageing:
    """Return the sums of all customers, by currency, on the day ``as_of``.

    ``with_controls`` reads the ledger up to that day, however long it is, and compares; by one statement, so that
    both are of the same moment.
    """
    owed = _by_customer(wanted).subquery()
    sums = (func.sum(owed.c[name]).label(name) for name in (*_NAMES, "unallocated"))
    query = select(literal("").label("account"), owed.c.currency, func.count().label("customers"), *sums)
    query = query.group_by(owed.c.currency)
    codes = chart.codes_now(connection)
    rows = connection.execute(union_all(query, _booked(wanted, codes)) if with_controls else query).all()
    documents = {row.currency: row for row in rows if not row.account}
    booked = {(row.account, row.currency): int(row.unallocated) for row in rows if row.account}
    # A balance in the ledger without any document would be the worst difference of all.
    currencies = sorted({*documents, *(currency for (_, currency), balance in booked.items() if balance)})
    controls = booked if with_controls else None
    found = (_of_currency(currency, documents.get(currency), controls, codes) for currency in currencies)
    return Ageing(wanted.as_of, tuple(found))


def _of_currency(
    currency: str,
    documents: Row[Any] | None,
    booked: Mapping[tuple[str, str], int] | None,
    codes: Mapping[str, str],
) -> CurrencyAgeing:
    customers = 0 if documents is None else int(documents.customers)
    amounts = _amounts(documents, currency)
    if booked is None:
        return CurrencyAgeing(currency, customers, amounts, ())
    sides = ((codes[RECEIVABLES], 1, amounts.open), (codes[ADVANCES], -1, amounts.unallocated))
    controls = []
    for code, sign, of_documents in sides:
        ledger = Money(sign * booked.get((code, currency), 0), currency)
        controls.append(Control(code, ledger, of_documents, ledger - of_documents))
    return CurrencyAgeing(currency, customers, amounts, tuple(controls))


def _booked(wanted: AgeingSearch, codes: Mapping[str, str]) -> Select[Any]:
    """Select debit less credit of each control account up to and including the day, where the documents' sums stand."""
    balance = func.sum(posting.c.debit_minor - posting.c.credit_minor)
    query = (
        select(posting.c.account, posting.c.currency, _NOTHING, *(_NOTHING for _ in _NAMES), balance)
        .join(journal_entry, journal_entry.c.id == posting.c.entry_id)
        .where(
            posting.c.account.in_((codes[RECEIVABLES], codes[ADVANCES])),
            journal_entry.c.posted_on <= wanted.as_of,
        )
        .group_by(posting.c.account, posting.c.currency)
    )
    return query if wanted.currency is None else query.where(posting.c.currency == wanted.currency)


def customers_ageing(
    connection: Connection, wanted: AgeingSearch, *, after: Position | None, limit: int
) -> list[CustomerAgeing]:
    """Return the customers with anything open, the one who owes most first."""
    owed = _by_customer(wanted).subquery()
    query = select(owed, account.c.number, account.c.name, account.c.owner_id).join(
        account, account.c.customer_id == owed.c.customer_id
    )
    if after is not None:
        less, last_id, last_currency = after
        later = and_(owed.c.customer_id == last_id, owed.c.currency > last_currency)
        same = and_(owed.c.open_minor == int(less), or_(owed.c.customer_id > last_id, later))
        query = query.where(or_(owed.c.open_minor < int(less), same))
    order = (owed.c.open_minor.desc(), owed.c.customer_id, owed.c.currency)
    return [_customer(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def _customer(row: Row[Any]) -> CustomerAgeing:
    return CustomerAgeing(
        customer_id=row.customer_id,
        number=row.number,
        name=row.name,
        owner_id=row.owner_id,
        currency=row.currency,
        oldest_due_on=row.oldest_due_on,
        amounts=_amounts(row, row.currency),
    )


def _amounts(sums: Row[Any] | None, currency: str) -> Aged:
    """Return what follows from the sums of the buckets and of unmatched money; ``None``: there is nothing."""
    *buckets, unallocated = (int(getattr(sums, name, 0)) for name in (*_NAMES, "unallocated"))
    open_ = sum(buckets)
    figures = (*buckets, open_, open_ - buckets[0], unallocated, open_ - unallocated)
    return Aged(*(Money(minor, currency) for minor in figures))


def _by_customer(wanted: AgeingSearch) -> Select[Any]:
    """Select what each customer owes in each currency, by bucket; who owes and is owed nothing is left out."""
    due = _dues(wanted).subquery()
    sums = [
        func.sum(case((falls_in(bucket, due.c.due_on, wanted.as_of), due.c.open_minor), else_=0)).label(
            bucket.name
        )
        for bucket in BUCKETS
    ]
    return select(
        due.c.customer_id,
        due.c.currency,
        func.min(due.c.due_on).label("oldest_due_on"),
        *sums,
        func.sum(due.c.open_minor).label("open_minor"),
        func.sum(due.c.unallocated).label("unallocated"),
    ).group_by(due.c.customer_id, due.c.currency)


def _dues(wanted: AgeingSearch) -> Select[Any]:
    """Select what was open of each document on the day, an invoice's by its instalments, if it has any."""
    piece = _pieces(wanted).subquery()
    names = ("kind", "document_id", "number", "customer_id", "currency", "day", "due_on")
    keys = [piece.c[name] for name in names]
    open_minor, unallocated = func.sum(piece.c.open_minor), func.sum(piece.c.unallocated)
    query = select(*keys, open_minor.label("open_minor"), unallocated.label("unallocated")).group_by(*keys)
    whole = query.having(or_(open_minor != 0, unallocated != 0)).subquery()
    part = open_part(whole.c.open_minor)
    return (
        select(
            *(whole.c[name] for name in names[:-1]),
            func.coalesce(PART.c.due_on, whole.c.due_on).label("due_on"),
            part.label("open_minor"),
            whole.c.unallocated,
        )
        .outerjoin(PART, PART.c.invoice_id == whole.c.document_id)
        .where(or_(part != 0, whole.c.unallocated != 0))
    )


def falls_in(bucket: Bucket, due_on: ColumnElement[date], as_of: date) -> ColumnElement[bool]:
    """Return whether what falls due on ``due_on`` belongs into ``bucket`` on the day ``as_of``."""
    first, last = bucket.due_days(as_of)
    bounds = [] if first is None else [due_on >= first]
    return and_(true(), *bounds, *([] if last is None else [due_on <= last]))


def open_documents(connection: Connection, wanted: AgeingSearch) -> list[OpenDocument]:
    """Return what makes up the ageing of a customer, what fell due first first; what is unmatched last."""
    due = _dues(wanted).subquery()
    query = select(due).order_by(
        case((due.c.due_on.is_(None), 1), else_=0), due.c.due_on, due.c.kind, due.c.day, due.c.document_id
    )
    found: Sequence[Row[Any]] = connection.execute(query).all()
    return [_document(row, wanted.as_of) for row in found]


def _document(row: Row[Any], as_of: date) -> OpenDocument:
    due_on = row.due_on
    return OpenDocument(
        kind=row.kind,
        document_id=row.document_id,
        number=row.number,
        day=row.day,
        due_on=due_on,
        days_overdue=0 if due_on is None else max((as_of - due_on).days, 0),
        bucket=None if due_on is None else bucket_of(due_on, as_of).name,
        open=Money(int(row.open_minor), row.currency),
        unallocated=Money(int(row.unallocated), row.currency),
    )


def _pieces(wanted: AgeingSearch) -> CompoundSelect[Any]:
    """Select the parts of what was open: what is open now, and what was allocated only later."""
    as_of = wanted.as_of
    invoices = _piece("invoice", invoice, invoice.c.posted_on, invoice.c.due_on).where(
        invoice.c.posted_on <= as_of
    )
    payments = _piece("payment", payment, payment.c.received_on, _NO_DAY).where(
        payment.c.received_on <= as_of
    )
    notes = _piece("credit_note", credit_note, credit_note.c.posted_on, _NO_DAY).where(
        credit_note.c.posted_on <= as_of
    )
    later = allocation.c.allocated_on > as_of
    settled_later = credit_allocation.c.allocated_on > as_of
    settled_otherwise = _settled_later(invoices, payments, notes, as_of)
    parts = (
        invoices.add_columns(invoice.c.open_minor.label("open_minor"), _NOTHING.label("unallocated")).where(
            invoice.c.open_minor > literal(0, literal_execute=True)
        ),
        invoices.add_columns(allocation.c.amount_minor, _NOTHING)
        .join(allocation, allocation.c.invoice_id == invoice.c.id)
        .where(later),
        payments.add_columns(_NOTHING, payment.c.unallocated_minor).where(
            payment.c.unallocated_minor > literal(0, literal_execute=True)
        ),
        payments.add_columns(_NOTHING, allocation.c.amount_minor)
        .join(allocation, allocation.c.payment_id == payment.c.id)
        .where(later),
        invoices.add_columns(credit_allocation.c.amount_minor, _NOTHING)
        .join(credit_allocation, credit_allocation.c.invoice_id == invoice.c.id)
        .where(settled_later),
        notes.add_columns(_NOTHING, credit_note.c.unallocated_minor).where(
            credit_note.c.unallocated_minor > literal(0, literal_execute=True)
        ),
        notes.add_columns(_NOTHING, credit_allocation.c.amount_minor)
        .join(credit_allocation, credit_allocation.c.credit_note_id == credit_note.c.id)
        .where(settled_later),
    )
    return union_all(*(_narrowed(part, wanted) for part in (*parts, *settled_otherwise)))


def _settled_later(
    invoices: Select[Any], payments: Select[Any], notes: Select[Any], as_of: date
) -> tuple[Select[Any], ...]:
    """Select what was written off, let off or given back only after the day; less what was a loss only until then."""
    lost, back, off = write_off.c, refund.c, cash_discount.c
    return (
        invoices.add_columns(lost.amount_minor, _NOTHING)
        .join(write_off, lost.invoice_id == invoice.c.id)
        .where(lost.posted_on > as_of),
        invoices.add_columns(-lost.amount_minor, _NOTHING)
        .join(write_off, lost.invoice_id == invoice.c.id)
        .where(lost.reversed_on > as_of),
        payments.add_columns(_NOTHING, back.amount_minor)
        .join(refund, back.payment_id == payment.c.id)
        .where(back.posted_on > as_of),
        notes.add_columns(_NOTHING, back.amount_minor)
        .join(refund, back.credit_note_id == credit_note.c.id)
        .where(back.posted_on > as_of),
        invoices.add_columns(
            case((off.kind == "granted", off.amount_minor), else_=-off.amount_minor), _NOTHING
        )
        .join(cash_discount, off.invoice_id == invoice.c.id)
        .where(off.posted_on > as_of),
    )


def _piece(kind: str, document: Table, day: ColumnElement[date], due_on: ColumnElement[Any]) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        document.c.id.label("document_id"),
        document.c.number.label("number"),
        document.c.customer_id.label("customer_id"),
        document.c.currency.label("currency"),
        day.label("day"),
        due_on.label("due_on"),
    )


def _narrowed(part: Select[Any], wanted: AgeingSearch) -> Select[Any]:
    customer_id, currency = part.selected_columns.customer_id, part.selected_columns.currency
    if wanted.customer_id is not None:
        part = part.where(customer_id == wanted.customer_id)
    if wanted.currency is not None:
        part = part.where(currency == wanted.currency)
    if wanted.only_owner is not None:
        own = select(account.c.customer_id).where(SIGHT.holds(account.c.owner_id, wanted.only_owner))
        part = part.where(customer_id.in_(own))
    return part
