"""Checked rows on their way to a store, on disk: found again document by document, wherever in the files they stood.

A temporary SQLite database of its own, which SQLite deletes; it holds up to two megabytes in memory and the rest in
``SQLITE_TMPDIR``, ``TMPDIR`` or ``/var/tmp``, about twice the size of the files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import itemgetter

from libs.common.importing import SEPARATOR, Block, Reader, Row

DOCUMENTS = 500
"""How many documents are taken in one transaction."""

MOST_ROWS = 5000
"""After how many rows a chunk ends, though it has fewer documents; a single document is never split."""

Found = tuple[int, int, str]
Pieces = list[list[Found]]


@dataclass
class Chunk:
    """Whole documents, in the sequence of their first lines: the rows of each part of the files, the head's first."""

    rows: list[list[Row]]
    documents: int = 0
    last_line: int = 0
    """The line on which the last of the documents begins; 0 for rows that belong to no document."""


class NoRoom(RuntimeError):
    """The temporary database cannot be written."""


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise NoRoom(
            f"the rows cannot be kept on disk while they are checked ({error}); set SQLITE_TMPDIR to a folder with "
            "about twice as much room as the files take"
        ) from None


class Spool:
    """The rows of a file (part 0) and of those that complete it (parts 1 and on), each with its document and key."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers
        self._database = sqlite3.connect("")
        self._database.isolation_level = None
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(
            "CREATE TABLE kept (part INTEGER, line INTEGER, document TEXT, key TEXT, cells TEXT)"
        )
        self._database.execute("BEGIN")

    def add(self, part: int, block: Block) -> None:
        """Keep checked rows of a part."""
        documents, keys = self._readers[part].keys(block)
        cells = map(SEPARATOR.join, zip(*block.columns, strict=True))
        rows = zip(repeat(part), block.lines, documents, keys, cells, strict=False)
        with _on_disk():
            self._database.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Put the rows in order; after this, ask for them."""
        with _on_disk():
            self._database.execute("CREATE INDEX kept_by_document ON kept (document, part, key, line)")
            self._database.execute("CREATE TABLE document (first INTEGER PRIMARY KEY, name TEXT)")
            self._database.execute(
                "INSERT INTO document SELECT MIN(line), document FROM kept"
                " WHERE part = 0 GROUP BY document ORDER BY 1"
            )

    def count(self, part: int) -> int:
        """Return how many rows a part has."""
        found = self._database.execute("SELECT COUNT(*) FROM kept WHERE part = ?", (part,))
        return int(found.fetchone()[0])

    def repeated(self, part: int) -> Iterator[tuple[int, int]]:
        """Give each line whose key stood before, with the line where it first stood, in the file's sequence."""
        yield from self._database.execute(
            "SELECT line, first FROM (SELECT line, part,"
            " MIN(line) OVER (PARTITION BY document, part, key) AS first FROM kept)"
            " WHERE part = ? AND line > first ORDER BY line",
            (part,),
        )

    def chunks(self) -> Iterator[Chunk]:
        """Give all rows: first those that complete no row of the head, then the documents."""
        yield from self._strays()
        pieces: Pieces = []
        rows = 0
        for piece in self._documents():
            pieces.append(piece)
            rows += len(piece)
            if len(pieces) >= DOCUMENTS or rows >= MOST_ROWS:
                yield self._chunk(pieces)
                pieces, rows = [], 0
        if pieces:
            yield self._chunk(pieces)

    def _documents(self) -> Iterator[list[Found]]:
        """Give the rows of one document after the other."""
        found = self._database.execute(
            "SELECT document.first, kept.part, kept.line, kept.cells FROM document"
            " CROSS JOIN kept ON kept.document = document.name ORDER BY document.first"
        )
        for _, rows in groupby(found, key=itemgetter(0)):
            yield sorted(row[1:] for row in rows)

    def _strays(self) -> Iterator[Chunk]:
        found = self._database.execute(
            "SELECT part, line, cells FROM kept WHERE part > 0 AND NOT EXISTS"
            " (SELECT 1 FROM kept AS head WHERE head.document = kept.document AND head.part = 0) ORDER BY part, line"
        )
        while rows := found.fetchmany(MOST_ROWS):
            yield Chunk(self._rows(rows))

    def _chunk(self, pieces: Pieces) -> Chunk:
        found = [row for piece in pieces for row in piece]
        return Chunk(self._rows(found), len(pieces), last_line=pieces[-1][0][1])

    def _rows(self, found: Iterable[Found]) -> list[list[Row]]:
        parts: list[list[Found]] = [[] for _ in self._readers]
        for row in found:
            parts[row[0]].append(row)
        return [
            reader.rows([row[1] for row in rows], [row[2].split(SEPARATOR) for row in rows])
            for reader, rows in zip(self._readers, parts, strict=True)
        ]

    def close(self) -> None:
        """Delete everything."""
        self._database.close()
