"""Taking checked files into a store: chunk by chunk of whole documents, each chunk in a transaction of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from libs.common.db import Cause, Database, Transaction
from libs.common.importing import Batch, Loader, Problems
from meridian.importing.checking import Group
from meridian.importing.collecting import without_collecting
from meridian.importing.problems import Refused
from meridian.importing.progress import Progress
from meridian.importing.spool import Chunk


@dataclass(frozen=True)
class Wishes:
    """How to take what is in the files: whether rows that are there already are passed over."""

    skip_existing: bool = False


@dataclass
class Taken:
    """What became of the rows of a group so far, by file; ``last_line`` is where the last document began."""

    taken: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    last_line: int = 0

    def add(self, batch: Batch, chunk: Chunk) -> None:
        """Count what was committed of a chunk."""
        for each in (batch, *batch.parts.values()):
            self.taken[each.file] += each.taken
            self.skipped[each.file] += each.skipped
        self.last_line = chunk.last_line or self.last_line

    def __str__(self) -> str:
        rows = ", ".join(f"{count} rows of {file}" for file, count in self.taken.items())
        head = next(iter(self.taken))
        return (
            f"{rows} were taken before, up to the one that begins on line {self.last_line} of {head}, and stay; "
            "correct the lines above and import again with --skip-existing, which goes on from there"
        )


def take(database: Database, group: Group, loader: Loader, wishes: Wishes, progress: Progress) -> Taken:
    """Take the files of ``group``; ``Refused`` names what the store has against any row, and says what was taken.

    After the first refusal nothing more is taken, but what follows is tried and undone, so that all that is wrong is
    told at once; when that is a thousand things, the rest is not looked at.
    """
    so_far, problems, unread = Taken(), Problems(), False
    file = group.formats[0].file
    for chunk in group.spool.chunks():
        if problems.full:
            unread = True
            break
        batch = _attempt(database, group, chunk, loader, wishes, only_look=bool(problems))
        if batch.all_problems:
            problems.extend(batch.all_problems)
        elif not problems:
            so_far.add(batch, chunk)
            _tell_passwords(batch, progress)
            progress.tell(file, so_far.taken[file] + so_far.skipped[file], "rows taken")
        else:
            progress.tell(file, chunk.last_line, "lines looked at")
    if problems:
        _in_sequence(problems, group)
        raise Refused(problems, taken=str(so_far) if any(so_far.taken.values()) else "", unread=unread)
    return so_far


def _tell_passwords(batch: Batch, progress: Progress) -> None:
    """Tell them at once: they are committed, and a later chunk may be refused."""
    for username, password in batch.new_passwords.items():
        progress.say(
            f"  new login {username} with password {password}; hand it over, it is not kept anywhere"
        )


def _in_sequence(problems: Problems, group: Group) -> None:
    """Sort by file and line: what a file says in chunks is in the sequence of its documents."""
    places = {format.file: place for place, format in enumerate(group.formats)}
    problems.listed.sort(key=lambda problem: (places[problem.file], problem.line))


def _attempt(
    database: Database, group: Group, chunk: Chunk, loader: Loader, wishes: Wishes, *, only_look: bool
) -> Batch:
    """Let the loader take a chunk; what it complains of, and what is only to be looked at, is undone."""

    def work(tx: Transaction) -> Batch:
        batch = _batch(tx, group, chunk, wishes)
        loader(batch)
        if only_look or batch.all_problems:
            tx.undo()
        return batch

    with without_collecting():
        return database.transact(work, cause=Cause(actor="import"))


def _batch(tx: Transaction, group: Group, chunk: Chunk, wishes: Wishes) -> Batch:
    head, *parts = (
        Batch(tx, format.file, rows, wishes.skip_existing)
        for format, rows in zip(group.formats, chunk.rows, strict=True)
    )
    head.parts = {format.name: part for format, part in zip(group.formats[1:], parts, strict=True)}
    return head
