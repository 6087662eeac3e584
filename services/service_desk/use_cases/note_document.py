"""Note what became of what a ticket wanted; what matters is written on the ticket by itself."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.errors import Later
from services.service_desk.domain.cause import BY_ITSELF
from services.service_desk.domain.conversation import Note
from services.service_desk.domain.linked_document import (
    TOLD,
    DocumentState,
    LinkedDocument,
    entry_of,
    moved,
)
from services.service_desk.store import documents, messages


def note_document(tx: Transaction, request_id: str, sequence: int, state: DocumentState, **news: Any) -> None:
    """Note how far has come what was wanted as ``request_id``; ``news`` are fields of ``LinkedDocument``."""
    before = documents.lock(tx.connection, request_id)
    if before is None:
        raise Later(f"nothing was wanted as {request_id} here yet")
    _note(tx, before, moved(before, sequence, state, **news))


def note_return_document(
    tx: Transaction, return_id: str, sequence: int, state: DocumentState, detail: str | None = None
) -> bool:
    """Note how far a return has come; false when no ticket asked for it."""
    before = documents.lock_return(tx.connection, return_id)
    if before is None:
        return False
    _note(tx, before, moved(before, sequence, state, detail=detail))
    return True


def _note(tx: Transaction, before: LinkedDocument, after: LinkedDocument) -> None:
    if after == before:
        return
    documents.save(tx.connection, after)
    if after.state in TOLD:
        text = entry_of(after)
        messages.add_note(tx, Note(tx.new_id(), after.ticket_id, after.ticket_id, BY_ITSELF, text, tx.now))
