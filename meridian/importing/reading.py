"""Reading a file whole: every bad cell is named by line and column, and one bad cell refuses the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meridian.importing.formats import Format

MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file; ``line`` counts from 1, the header being line 1."""

    file: str
    line: int
    column: str | None
    message: str

    def __str__(self) -> str:
        where = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{where}: {self.message}"


@dataclass(frozen=True)
class Row:
    """One row with its values by column; columns left empty are ``None``."""

    line: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass
class Content:
    """What a file holds: its rows, or what is wrong with it."""

    format: Format
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, line: int, column: str | None, message: str) -> None:
        """Note a problem; beyond a couple of hundred the rest is not listed."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.format.file, line, column, message))


class Refused(ValueError):
    """Files that cannot be taken; ``problems`` says why, one by one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_file(path: Path, format: Format) -> Content:
    """Read ``path`` and check every cell against ``format``; nothing is raised, problems are collected."""
    content = Content(format)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        content.complain(1, None, f"is not UTF-8 (byte {error.start}); save it as CSV UTF-8")
        return content
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if _check_header(header, content):
            _read_rows(reader, header, content)
    except csv.Error as error:
        content.complain(reader.line_num, None, f"is not CSV: {error}")
    return content


def _check_header(header: list[str], content: Content) -> bool:
    known = {column.name: column for column in content.format.columns}
    for name in header:
        if name not in known:
            content.complain(1, name, f"is unknown; known are {', '.join(known)}")
    for name in {name for name in header if header.count(name) > 1}:
        content.complain(1, name, "stands twice in the header")
    for column in content.format.columns:
        if column.required and column.name not in header:
            content.complain(1, column.name, "is missing")
    return not content.problems


def _read_rows(reader: Iterator[list[str]], header: list[str], content: Content) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for cells in reader:
        line = reader.line_num  # type: ignore[attr-defined]
        if not any(cells):
            continue
        if len(cells) != len(header):
            content.complain(line, None, f"has {len(cells)} cells; the header has {len(header)}")
            continue
        values = _read_cells(dict(zip(header, cells, strict=True)), line, content)
        if values is None:
            continue
        key = tuple(values[name] for name in content.format.key)
        if key in seen:
            content.complain(line, content.format.key[-1], f"repeats line {seen[key]}; each may stand once")
            continue
        seen[key] = line
        content.rows.append(Row(line, values))


def _read_cells(cells: dict[str, str], line: int, content: Content) -> dict[str, Any] | None:
    before = len(content.problems)
    values: dict[str, Any] = {}
    for column in content.format.columns:
        text = cells.get(column.name, "").strip()
        if not text:
            values[column.name] = None
            if column.required:
                content.complain(line, column.name, "must be filled")
            continue
        try:
            values[column.name] = column.read(text)
        except ValueError as error:
            content.complain(line, column.name, f"{text[:40]!r} {error}")
    return values if len(content.problems) == before else None
