"""Reading a file in blocks of rows: every bad cell is named by line and column, and memory does not grow with it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from meridian.importing.formats import Column, Format
from meridian.importing.problems import Problem, Problems
from meridian.importing.unreadable import not_utf8

BLOCK = 1000
MOST_KNOWN = 2000
"""How many texts of a column are remembered with their values, so that what repeats is read once."""

Texts = Sequence[str]


@dataclass(slots=True)
class Row:
    """One row with its values by column; columns left empty are ``None``."""

    line: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows as they stand in a file: their lines, and their cells by column in the format's sequence."""

    lines: Sequence[int]
    columns: Sequence[Texts]

    def only(self, places: Sequence[int]) -> Block:
        """Return the rows at ``places``."""
        columns = [[column[place] for place in places] for column in self.columns]
        return Block([self.lines[place] for place in places], columns)


class _Cells:
    """Reads the cells of one column."""

    def __init__(self, column: Column) -> None:
        self._read = column.read
        self._empty: dict[str, Any] = {} if column.required else {"": None}
        self._known = dict(self._empty)

    def learn(self, texts: Texts) -> dict[str, str]:
        """Read what is new among ``texts``; return those that cannot be read, each with what is wrong with it."""
        if len(self._known) > MOST_KNOWN:
            self._known = dict(self._empty)
        bad: dict[str, str] = {}
        for text in set(texts).difference(self._known):
            try:
                if text:
                    self._known[text] = self._read(text)
                else:
                    bad[text] = "must be filled"
            except ValueError as error:
                bad[text] = f"{text[:40]!r} {error}"
        return bad

    def values(self, texts: Texts) -> list[Any]:
        """Return what ``texts``, which were learned and are without fault, mean."""
        return list(map(self._known.__getitem__, texts))


class Reader:
    """Reads rows of one format, column by column: its converters are chosen once, and each text is read once."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self._names = [column.name for column in format.columns]
        self._cells = [_Cells(column) for column in format.columns]
        self._key = [self._names.index(name) for name in format.key]
        self._document = len(format.document)

    def rows(self, lines: Sequence[int], texts: Sequence[Texts]) -> list[Row]:
        """Return the rows of cells that were checked before, in the sequence of the format's columns."""
        if not lines:
            return []
        columns = []
        for cells, column in zip(self._cells, zip(*texts, strict=True), strict=True):
            cells.learn(column)
            columns.append(cells.values(column))
        names = self._names
        return [
            Row(line, dict(zip(names, values, strict=True)))
            for line, values in zip(lines, zip(*columns, strict=True), strict=True)
        ]

    def good(self, block: Block, complain: Callable[[Problem], None]) -> Block:
        """Return the rows whose every cell can be read; complain of the cells that cannot, line by line."""
        bad = [cells.learn(column) for cells, column in zip(self._cells, block.columns, strict=True)]
        if not any(bad):
            return block
        good: list[int] = []
        for place, line in enumerate(block.lines):
            faults = [
                Problem(self.format.file, line, name, wrong[column[place]])
                for name, column, wrong in zip(self._names, block.columns, bad, strict=True)
                if column[place] in wrong
            ]
            for fault in faults:
                complain(fault)
            if not faults:
                good.append(place)
        return block.only(good)

    def keys(self, block: Block) -> tuple[list[str], list[str]]:
        """Return the document that each row of ``good`` belongs to, and what names the row in it.

        Two rows have the same when their values are the same: 01 and 1 are one line of an order.
        """
        key = [self._texts(place, block) for place in self._key]
        return _joined(key[: self._document], block), _joined(key[self._document :], block)

    def _texts(self, place: int, block: Block) -> list[str]:
        values = self._cells[place].values(block.columns[place])
        return ["" if value is None else str(value) for value in values]


def _joined(columns: list[list[str]], block: Block) -> list[str]:
    return list(map(SEPARATOR.join, zip(*columns, strict=True))) if columns else [""] * len(block.lines)


SEPARATOR = "\x1f"
"""Stands between two cells that are kept as one text; no cell may hold a control character."""


def read_blocks(path: Path, reader: Reader, problems: Problems) -> Iterator[Block]:
    """Give the good rows of ``path``, in blocks.

    Nothing is raised; what is wrong is added to ``problems``.
    """
    format = reader.format
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = next(rows, [])
            found = list(_header_problems(header, format))
            problems.extend(found)
            if not found:
                yield from _blocks(rows, header, reader, problems)
        except UnicodeDecodeError:
            problems.add(not_utf8(path, format.file))
        except csv.Error as error:
            problems.add(Problem(format.file, rows.line_num, None, f"is not CSV: {error}"))


def _header_problems(header: Sequence[str], format: Format) -> Iterator[Problem]:
    known = [column.name for column in format.columns]
    for name in header:
        if name not in known:
            yield Problem(format.file, 1, name, f"is unknown; known are {', '.join(known)}")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(format.file, 1, name, "stands twice in the header")
    for column in format.columns:
        if column.required and column.name not in header:
            yield Problem(format.file, 1, column.name, "is missing")


def _blocks(rows: Any, header: list[str], reader: Reader, problems: Problems) -> Iterator[Block]:
    places = [
        header.index(column.name) if column.name in header else None for column in reader.format.columns
    ]
    whole = _whole_rows(rows, len(header), reader.format.file, problems)
    while some := list(islice(whole, BLOCK)):
        lines, cells = zip(*some, strict=True)
        found = list(zip(*cells, strict=True))
        empty = [""] * len(lines)
        columns = [empty if place is None else list(map(str.strip, found[place])) for place in places]
        yield reader.good(Block(lines, columns), problems.add)


def _whole_rows(rows: Any, width: int, file: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Give each row that has as many cells as the header, with the line that it ends on."""
    for cells in rows:
        if len(cells) == width:
            if any(cells):
                yield rows.line_num, cells
        elif any(cells):
            message = f"has {len(cells)} cells; the header has {width}"
            problems.add(Problem(file, rows.line_num, None, message))
