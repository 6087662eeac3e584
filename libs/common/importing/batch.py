"""A chunk of a file on its way into a store: one transaction, every refusal named by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from libs.common.importing.problems import Problem
from libs.common.importing.rows import Row


@dataclass
class Batch:
    """Some rows of one file, whole documents, within one transaction; what is wrong is collected until the end.

    ``parts`` are the files whose rows complete these, by the names of their formats.
    """

    tx: Transaction
    file: str
    rows: list[Row]
    skip_existing: bool = False
    new_passwords: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    taken: int = 0
    skipped: int = 0
    parts: Mapping[str, Batch] = field(default_factory=dict)

    def cells(self, column: str) -> set[Any]:
        """Return what stands in a column, each value once, without the empty cells: what is to be looked up."""
        return {value for row in self.rows if (value := row.values[column]) is not None}

    @property
    def all_problems(self) -> list[Problem]:
        """What is wrong with the file, line by line, then with those that complete it."""
        mine = sorted(self.problems, key=lambda problem: problem.line)
        return mine + [problem for part in self.parts.values() for problem in part.all_problems]

    def complain(self, row: Row, column: str | None, message: str) -> None:
        """Note that a row cannot be taken."""
        self.problems.append(Problem(self.file, row.line, column, message))

    def fresh(self, known: Iterable[Any], key: Callable[[Row], Any], column: str) -> Iterator[Row]:
        """Give the rows whose key is not in ``known``; the others are passed over or refused, as was asked."""
        existing = set(known)
        for row in self.rows:
            if key(row) not in existing:
                yield row
            elif self.skip_existing:
                self.skipped += 1
            else:
                self.complain(row, column, f"{row[column]!r} is there already")

    def look_up(self, row: Row, column: str, known: Mapping[str, str], what: str) -> str | None:
        """Return the id that the cell names; complain when there is none."""
        found = known.get(row[column])
        if found is None:
            self.complain(row, column, f"{row[column]!r} is no known {what}")
        return found

    @contextmanager
    def taking(self, row: Row, columns: Mapping[str, str] | None = None) -> Iterator[None]:
        """Count the row as taken; a refusal by the store becomes a problem of the row and its column.

        ``columns`` translates the store's names of fields into the file's.
        """
        try:
            yield
            self.taken += 1
        except MeridianError as refused:
            column = (columns or {}).get(refused.field or "", refused.field)
            self.complain_of(row, column, refused)

    def complain_of(self, row: Row, column: str | None, refused: MeridianError) -> None:
        """Note what the store refused about a row."""
        cure = f"; {refused.cure}" if refused.cure else ""
        self.complain(row, column, f"{refused.message}{cure}")

    @contextmanager
    def taking_all(self, documents: Sequence[Document], columns: Mapping[str, str]) -> Iterator[None]:
        """Count all rows of ``documents`` as taken; what the store refused of any becomes a problem of its row.

        The store names a document by its place among all, and in the field (``lines.3.quantity``) a row of it;
        ``columns`` translates the last word of the field into the file's column.
        """
        try:
            yield
            for document in documents:
                document.count()
        except EntriesRefused as refused:
            for place, fault in refused.refusals:
                documents[place].complain_of(fault, columns)
        except MeridianError as refused:
            documents[0].complain_of(refused, columns)

    def agree(self, rows: Sequence[Row], columns: Iterable[str], what: str) -> bool:
        """Tell whether ``rows``, which are one ``what``, say the same in ``columns``; complain of those that do not."""
        before = len(self.problems)
        for row in rows[1:]:
            for column in columns:
                if row[column] != rows[0][column]:
                    self.complain(row, column, f"differs from line {rows[0].line} of the same {what}")
        return len(self.problems) == before


@dataclass(frozen=True)
class Document:
    """The rows that make one document: its ``head``, and its ``lines`` (of ``lines_batch``, else of ``batch`` too)."""

    batch: Batch
    head: Row
    lines: Sequence[Row] = ()
    lines_batch: Batch | None = None

    def count(self) -> None:
        """Count the rows as taken; a head that is itself the first of the lines counts once."""
        if self.lines_batch is not None or not self.lines:
            self.batch.taken += 1
        (self.lines_batch or self.batch).taken += len(self.lines)

    def complain_of(self, fault: MeridianError, columns: Mapping[str, str]) -> None:
        """Note a refusal at the row, and the column, that its field means."""
        *where, name = (fault.field or "").split(".")
        column = columns.get(name, name or None)
        if len(where) > 1 and where[1].isdigit():
            (self.lines_batch or self.batch).complain_of(self.lines[int(where[1])], column, fault)
        else:
            self.batch.complain_of(self.head, column, fault)


Loader = Callable[[Batch], None]


def group_by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Return the rows by the value of ``column``, in the order in which the values first stand."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
