"""Files that came with messages, without their bytes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from libs.common.db import Transaction, rows_among
from services.service_desk.domain.attachment import Attachment
from services.service_desk.store.attachment_tables import attachment


def add(tx: Transaction, new: Attachment) -> None:
    """Store what is known of a file."""
    tx.connection.execute(insert(attachment).values(**vars(new)))


def find(connection: Connection, attachment_id: str) -> Attachment | None:
    """Return a file, or nothing."""
    row = connection.execute(select(attachment).where(attachment.c.id == attachment_id)).one_or_none()
    return None if row is None else Attachment(**row._asdict())


def of_messages(connection: Connection, message_ids: Iterable[str]) -> dict[str, list[Attachment]]:
    """Return the files of each message that has any, in the order in which they came."""
    found: dict[str, list[Attachment]] = {}
    for row in rows_among(connection, select(attachment), attachment.c.message_id, message_ids):
        found.setdefault(row.message_id, []).append(Attachment(**row._asdict()))
    return {key: sorted(files, key=lambda each: each.id) for key, files in found.items()}
