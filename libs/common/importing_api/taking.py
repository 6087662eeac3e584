"""Taking the rows of one request, all or none; or only looking at what would come of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import Invalid
from libs.common.importing import Batch, Block, Format, Loader, Problem, Problems, Reader

MOST_ERRORS = 100
"""Of how many rows a refusal says, beside the line and the column, which field of the request it was."""


@dataclass(frozen=True)
class Sent:
    """A row as it was sent: the caller's line, and texts by column; those left out are empty."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of rows, or would: how many were taken and passed over, and what is wrong with the others."""

    rows: int
    taken: int
    skipped: int
    problems: Sequence[Problem]
    more: int


class RowsRefused(Invalid):
    """Rows cannot be taken as they are; none was."""

    code = "rows_refused"
    usual_cure = "Correct these rows, or send the others only."

    def __init__(self, outcome: Outcome, places: Mapping[int, int]) -> None:
        number = len(outcome.problems) + outcome.more
        told = f"{number} problem{'s' if number > 1 else ''}"
        super().__init__(
            f"{told}; none of the {outcome.rows} rows was taken.",
            problems=[_member(problem) for problem in outcome.problems],
            more=outcome.more,
        )
        self.reasons = tuple(
            Invalid(problem.message, field=_field(problem, places), cure=self.usual_cure)
            for problem in outcome.problems[:MOST_ERRORS]
        )


def _member(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "column": problem.column, "message": problem.message}


def _field(problem: Problem, places: Mapping[int, int]) -> str:
    row = f"rows.{places[problem.line]}"
    return f"{row}.cells.{problem.column}" if problem.column else row


def take_rows(
    tx: Transaction,
    format: Format,
    loader: Loader,
    sent: Sequence[Sent],
    *,
    preview: bool,
    skip_existing: bool,
) -> Outcome:
    """Take rows of ``format`` and return what became of them; ``RowsRefused`` when anything is wrong with any.

    With ``preview`` what is wrong is answered instead, and nothing is kept either way. Rows are looked at as far as
    they can be: those with a cell that cannot be read are not, nor are the other rows of their document.
    """
    places = _places(sent)
    problems = Problems()
    reader = Reader(format)
    batch = Batch(tx, format.file, reader.read(_good(reader, sent, problems)), skip_existing)
    loader(batch)
    problems.extend(_of_columns(batch.all_problems, format))
    problems.listed.sort(key=lambda problem: places[problem.line])
    taken = batch.taken if preview or not problems else 0
    outcome = Outcome(len(sent), taken, batch.skipped, problems.listed, problems.more)
    if preview:
        tx.undo()
    elif problems:
        raise RowsRefused(outcome, places)
    return outcome


def _places(sent: Sequence[Sent]) -> dict[int, int]:
    """Return the rows' places by their lines, by which all that is wrong is named: each stands once."""
    places: dict[int, int] = {}
    for place, row in enumerate(sent):
        if row.line in places:
            raise Invalid(
                f"line {row.line} is row {places[row.line]} already",
                field=f"rows.{place}.line",
                cure="Send the line that each row has in your file.",
            )
        places[row.line] = place
    return places


def _good(reader: Reader, sent: Sequence[Sent], problems: Problems) -> Block:
    """Return the rows of documents that can be read whole and stand once; complain of the cells of the others."""
    format = reader.format
    columns = [[row.cells.get(column.name, "").strip() for row in sent] for column in format.columns]
    block = Block([row.line for row in sent], columns)
    good = reader.good(block, problems.add)
    readable = set(good.lines)
    bad = {row.line for row in sent if row.line not in readable}
    for line, first in _repeated(reader, good):
        problems.add(Problem(format.file, line, format.key[-1], f"repeats line {first}; each may stand once"))
        bad.add(line)
    return good.only(list(_whole(format, block, good, bad)))


def _repeated(reader: Reader, good: Block) -> Iterator[tuple[int, int]]:
    """Give each line whose key an earlier one has, with that one."""
    first: dict[tuple[str, str], int] = {}
    for line, key in zip(good.lines, zip(*reader.keys(good), strict=True), strict=True):
        if key in first:
            yield line, first[key]
        else:
            first[key] = line


def _whole(format: Format, block: Block, good: Block, bad: set[int]) -> Iterator[int]:
    """Give the places in ``good`` of the rows that are not ``bad`` nor of one document with a row that is."""
    by_document = [place for place, column in enumerate(format.columns) if column.name in format.belongs_by]
    of_line = {
        line: tuple(block.columns[place][row] for place in by_document) or line
        for row, line in enumerate(block.lines)
    }
    broken = {of_line[line] for line in bad}
    return (place for place, line in enumerate(good.lines) if of_line[line] not in broken)


def _of_columns(problems: Iterable[Problem], format: Format) -> Iterator[Problem]:
    """Give the problems; what the store calls by a name that is no column's is one of the row."""
    names = {column.name for column in format.columns}
    for problem in problems:
        yield Problem(
            problem.file, problem.line, problem.column if problem.column in names else None, problem.message
        )
