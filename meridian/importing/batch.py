"""A file on its way into a store: its rows in one transaction, every refusal named by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import MeridianError
from meridian.importing.reading import Problem, Row


@dataclass
class Batch:
    """The rows of one file within one transaction; what is wrong is collected until the end."""

    tx: Transaction
    file: str
    rows: list[Row]
    skip_existing: bool = False
    passwords: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    taken: int = 0
    skipped: int = 0

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
            cure = f"; {refused.cure}" if refused.cure else ""
            self.complain(row, column, f"{refused.message}{cure}")


Loader = Callable[[Batch], None]


def group_by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Return the rows by the value of ``column``, in the order in which the values first stand."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
