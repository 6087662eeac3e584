"""Checking a folder: every file is read whole, cell by cell, before anything is taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from libs.common.importing import Format, Problem, Problems, Reader
from libs.common.importing.problems import MOST_PROBLEMS
from meridian.importing.formats import FORMATS, parts_of
from meridian.importing.problems import Refused
from meridian.importing.progress import Progress
from meridian.importing.reading import read_blocks
from meridian.importing.spool import Spool


@dataclass(frozen=True)
class Group:
    """Files that are taken together: one, and those whose rows complete its rows; their rows are in ``spool``."""

    readers: tuple[Reader, ...]
    spool: Spool

    @property
    def formats(self) -> tuple[Format, ...]:
        """The files, first the one whose rows the others complete."""
        return tuple(reader.format for reader in self.readers)


@contextmanager
def checked(folder: Path, progress: Progress) -> Iterator[list[Group]]:
    """Read every file in ``folder`` and give what is to be taken, in that sequence.

    ``Refused`` names what is wrong in any of them; what was read is forgotten at the end.
    """
    groups = [_group(formats) for formats in _formats_in(folder)]
    try:
        problems = Problems()
        for group in groups:
            for found in _fill(group, folder, progress):
                problems.extend(found.listed)
                problems.count(found.more)
        if problems:
            raise Refused(problems)
        yield groups
    finally:
        for group in groups:
            group.spool.close()


def _formats_in(folder: Path) -> Iterator[tuple[Format, ...]]:
    """Give what belongs together, in the order of the formats; a file that is not there counts as empty."""
    for format in FORMATS:
        formats = (format, *parts_of(format))
        if format.part_of is None and any((folder / each.file).exists() for each in formats):
            yield formats


def _group(formats: tuple[Format, ...]) -> Group:
    readers = tuple(Reader(format) for format in formats)
    return Group(readers, Spool(readers))


def _fill(group: Group, folder: Path, progress: Progress) -> list[Problems]:
    """Read the files of a group; return what is wrong with each."""
    found = []
    for part, reader in enumerate(group.readers):
        problems, read = Problems(), 0
        path = folder / reader.format.file
        for block in read_blocks(path, reader, problems) if path.exists() else ():
            group.spool.add(part, block)
            read += len(block.lines)
            progress.tell(path.name, read, "rows checked")
        found.append(problems)
    group.spool.finish()
    for part, (format, problems) in enumerate(zip(group.formats, found, strict=True)):
        _find_repeated(group.spool, part, format, problems)
        problems.listed.sort(key=lambda problem: problem.line)
    return found


def _find_repeated(spool: Spool, part: int, format: Format, problems: Problems) -> None:
    repeated = spool.repeated(part)
    for line, first in islice(repeated, MOST_PROBLEMS):
        message = f"repeats line {first}; each may stand once"
        problems.add(Problem(format.file, line, format.key[-1], message))
    problems.count(sum(1 for _ in repeated))


def check_folder(folder: Path, progress: Progress) -> None:
    """Check every file in ``folder`` and say how many rows each has; ``Refused`` names what is wrong."""
    with checked(folder, progress) as groups:
        for group in groups:
            for part, format in enumerate(group.formats):
                if (folder / format.file).exists():
                    progress.say(f"{format.file:20} {group.spool.count(part):7} rows")


def read_small(path: Path, format: Format) -> list[dict[str, Any]]:
    """Return the rows of one file of a size that fits into memory; ``Refused`` names what is wrong with it."""
    group = _group((format,))
    try:
        (problems,) = _fill(group, path.parent, Progress(lambda _line: None))
        if problems:
            raise Refused(problems)
        return [row.values for chunk in group.spool.chunks() for row in chunk.rows[0]]
    finally:
        group.spool.close()
