"""How the journal was written while accounts had fixed codes and every entry was about a customer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert

from libs.common.db import Transaction, next_numbers
from services.finance.store.ledger import SERIES, Booking
from services.finance.store.tables import journal_entry, journal_seal, posting

CODES = {"bank": "1000", "receivable": "1200", "advances": "2100", "revenue": "4000"}


def book_with_fixed_codes(tx: Transaction, bookings: Sequence[Booking]) -> list[str]:
    """Stand in for ``store.ledger.book_many`` over a database of before migration 0012."""
    numbers = [f"JE-{number:06d}" for number in next_numbers(tx, SERIES, len(bookings))]
    for number, booking in zip(numbers, bookings, strict=True):
        entry_id, entry = tx.new_id(), booking.entry
        tx.connection.execute(
            insert(journal_entry).values(
                id=entry_id,
                number=number,
                kind=entry.kind,
                document_id=entry.document_id,
                document_number=entry.document_number,
                customer_id=entry.customer_id,
                posted_on=entry.posted_on,
                correlation_id=booking.correlation_id,
                created_at=tx.now,
            )
        )
        for line_no, posted in enumerate(entry.postings, 1):
            tx.connection.execute(
                insert(posting).values(
                    entry_id=entry_id,
                    line_no=line_no,
                    account=CODES[posted.account],
                    currency=posted.debit.currency,
                    debit_minor=posted.debit.minor,
                    credit_minor=posted.credit.minor,
                )
            )
        tx.connection.execute(insert(journal_seal).values(entry_id=entry_id))
    return numbers
