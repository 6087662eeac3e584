"""Keep the files that come with a message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from libs.common.db import Transaction
from services.service_desk.domain.attachment import Attachment, Upload, safe_name, type_of
from services.service_desk.store import attachments
from services.service_desk.store.vault import FolderVault, TableVault, Vault

__all__ = ["Enclosures", "Vault", "enclose", "vault_in"]


@dataclass(frozen=True)
class Enclosures:
    """Files, where their bytes are kept, and who makes keys that nobody can guess."""

    uploads: Sequence[Upload]
    vault: Vault
    new_key: Callable[[], str]


def vault_in(folder: Path | None) -> Vault:
    """Return where a deployment keeps files: in its folder, else in the database."""
    return TableVault() if folder is None else FolderVault(folder)


def enclose(tx: Transaction, message_id: str, enclosed: Enclosures) -> None:
    """Keep the files of a message; refuse all when one of them is refused."""
    kinds = [
        type_of(upload.content, f"attachments.{place}.content")
        for place, upload in enumerate(enclosed.uploads)
    ]
    for upload, kind in zip(enclosed.uploads, kinds, strict=True):
        kept = Attachment(
            id=tx.new_id(),
            message_id=message_id,
            key=enclosed.new_key(),
            name=safe_name(upload.name, kind),
            media_type=kind.media_type,
            size=len(upload.content),
            sha256=hashlib.sha256(upload.content).hexdigest(),
            at=tx.now,
        )
        enclosed.vault.put(tx, kept.key, upload.content)
        attachments.add(tx, kept)
