"""The journal: entry, postings, then the seal, which the database grants only to an entry that balances."""

from __future__ import annotations

from sqlalchemy import insert

from libs.common.db import Transaction, next_number
from services.finance.domain.ledger import Entry
from services.finance.store.tables import journal_entry, journal_seal, posting

SERIES = "journal_entry"


def book(tx: Transaction, entry: Entry, correlation_id: str) -> str:
    """Book ``entry`` and return its number; call it late, for the number is held until the commit."""
    entry_id = tx.new_id()
    number = f"JE-{next_number(tx, SERIES):06d}"
    tx.connection.execute(
        insert(journal_entry).values(
            id=entry_id,
            number=number,
            kind=entry.kind,
            document_id=entry.document_id,
            document_number=entry.document_number,
            customer_id=entry.customer_id,
            posted_on=entry.posted_on,
            correlation_id=correlation_id,
            recorded_by=tx.cause.actor,
            created_at=tx.now,
        )
    )
    tx.connection.execute(insert(posting), _postings(entry_id, entry))
    tx.connection.execute(insert(journal_seal).values(entry_id=entry_id))
    return number


def _postings(entry_id: str, entry: Entry) -> list[dict[str, object]]:
    return [
        {
            "entry_id": entry_id,
            "line_no": line_no,
            "account": posted.account,
            "currency": posted.debit.currency,
            "debit_minor": posted.debit.minor,
            "credit_minor": posted.credit.minor,
        }
        for line_no, posted in enumerate(entry.postings, 1)
    ]
