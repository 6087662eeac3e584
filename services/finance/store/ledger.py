"""The journal: entry, postings, then the seal, which the database grants only to an entry that balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from libs.common.db import Prepared, Transaction, chunks, next_numbers
from services.finance.domain.ledger import Entry, EntryKind, Posting
from services.finance.store import chart
from services.finance.store.exchange_tables import company_posting
from services.finance.store.tables import journal_entry, journal_seal, posting

SERIES = "journal_entry"
_ADD_ENTRY = Prepared(insert(journal_entry))
_ADD_POSTING = Prepared(insert(posting))
_ADD_COMPANY_POSTING = Prepared(insert(company_posting))
_SEAL = Prepared(insert(journal_seal))


@dataclass(frozen=True)
class Booking:
    """An entry to be booked, and the conversation that it belongs to."""

    entry: Entry
    correlation_id: str


def book(tx: Transaction, entry: Entry, correlation_id: str) -> str:
    """Book ``entry`` and return its number; call it late, for the number is held until the commit."""
    return book_many(tx, [Booking(entry, correlation_id)])[0]


def is_booked(connection: Connection, kind: EntryKind, document_id: str) -> bool:
    """Tell whether a document has its entry of this kind."""
    query = select(journal_entry.c.id).where(
        journal_entry.c.kind == kind, journal_entry.c.document_id == document_id
    )
    return connection.execute(query).first() is not None


def book_many(tx: Transaction, bookings: Sequence[Booking]) -> list[str]:
    """Book many entries in their sequence, in chunks, and return their numbers; call it late, as ``book``."""
    numbers = [f"JE-{number:06d}" for number in next_numbers(tx, SERIES, len(bookings))]
    for some in chunks(zip(numbers, bookings, strict=True)):
        ids = [tx.new_id() for _ in some]
        heads = [_head_values(tx, entry_id, *each) for entry_id, each in zip(ids, some, strict=True)]
        tx.connection.execute(_ADD_ENTRY, heads)
        # Not before the heads are there: whoever chooses another chart waits for them, or they for it.
        codes = chart.codes_of_roles(tx, _roles(booking for _, booking in some))
        lines = [
            line
            for entry_id, (_, booking) in zip(ids, some, strict=True)
            for line in _postings(entry_id, booking.entry.postings, codes)
        ]
        tx.connection.execute(_ADD_POSTING, lines)
        carried = [
            line
            for entry_id, (_, booking) in zip(ids, some, strict=True)
            for line in _postings(entry_id, booking.entry.company, codes)
        ]
        if carried:
            tx.connection.execute(_ADD_COMPANY_POSTING, carried)
        tx.connection.execute(_SEAL, [{"entry_id": entry_id} for entry_id in ids])
    return numbers


def _roles(bookings: Iterable[Booking]) -> set[str]:
    return {
        posted.account for booking in bookings for posted in (*booking.entry.postings, *booking.entry.company)
    }


def _head_values(tx: Transaction, entry_id: str, number: str, booking: Booking) -> dict[str, object]:
    entry = booking.entry
    return {
        "id": entry_id,
        "number": number,
        "kind": entry.kind,
        "document_id": entry.document_id,
        "document_number": entry.document_number,
        "customer_id": entry.customer_id,
        "posted_on": entry.posted_on,
        "correlation_id": booking.correlation_id,
        "recorded_by": tx.cause.actor,
        "created_at": tx.now,
        "supplier_id": entry.supplier_id,
    }


def _postings(
    entry_id: str, postings: Sequence[Posting], codes: Mapping[str, str]
) -> list[dict[str, object]]:
    return [
        {
            "entry_id": entry_id,
            "line_no": line_no,
            "account": codes[posted.account],
            "currency": posted.debit.currency,
            "debit_minor": posted.debit.minor,
            "credit_minor": posted.credit.minor,
            "tax_code": posted.tax_code,
            "tax_ppm": posted.tax_ppm,
        }
        for line_no, posted in enumerate(postings, 1)
    ]
