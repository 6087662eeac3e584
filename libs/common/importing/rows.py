"""Rows of one format, as they stand and as what they mean: every bad cell is named by line and column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from libs.common.importing.columns import Column, Format
from libs.common.importing.problems import Problem

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
        block = Block(lines, list(zip(*texts, strict=True)))
        for cells, column in zip(self._cells, block.columns, strict=True):
            cells.learn(column)
        return self.read(block)

    def read(self, block: Block) -> list[Row]:
        """Return the rows of ``good`` with what their cells mean."""
        columns = [cells.values(column) for cells, column in zip(self._cells, block.columns, strict=True)]
        names = self._names
        return [
            Row(line, dict(zip(names, values, strict=True)))
            for line, values in zip(block.lines, zip(*columns, strict=True), strict=True)
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
