"""Where the bytes of files lie: in the database, or in a folder that a deployment names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, insert, select

from libs.common.db import Transaction
from libs.common.ids import is_id
from services.service_desk.store.attachment_tables import attachment_content


class Vault(Protocol):
    """Keeps bytes under a key."""

    def put(self, tx: Transaction, key: str, content: bytes) -> None:
        """Keep bytes under a new key."""
        ...

    def get(self, connection: Connection, key: str) -> bytes | None:
        """Return the bytes, or nothing."""
        ...


class TableVault:
    """Keeps them in the database: one commit, one backup."""

    def put(self, tx: Transaction, key: str, content: bytes) -> None:
        """Keep bytes under a new key."""
        tx.connection.execute(insert(attachment_content).values(key=key, content=content))

    def get(self, connection: Connection, key: str) -> bytes | None:
        """Return the bytes, or nothing."""
        query = select(attachment_content.c.content).where(attachment_content.c.key == key)
        found = connection.execute(query).scalar_one_or_none()
        return None if found is None else bytes(found)


class FolderVault:
    """Keeps them as files that bear their key and nothing of the name that somebody gave them.

    The file is there before the commit: one whose transaction failed stays behind, and nobody knows its key.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, tx: Transaction, key: str, content: bytes) -> None:
        """Keep bytes under a new key; it is whole on the disk, or not there."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)

    def get(self, connection: Connection, key: str) -> bytes | None:
        """Return the bytes, or nothing."""
        path = self._path(key)
        return path.read_bytes() if path.is_file() else None

    def _path(self, key: str) -> Path:
        if not is_id(key):
            raise ValueError("a key is an id, never a path")
        return self.folder / key[:2] / key
