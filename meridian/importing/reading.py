"""Reading a file in blocks of rows: every bad cell is named by line and column, and memory does not grow with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from libs.common.importing import Block, Format, Problem, Problems, Reader
from meridian.importing.unreadable import not_utf8

BLOCK = 1000


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
