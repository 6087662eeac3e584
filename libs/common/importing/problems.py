"""What is wrong with rows and files: each thing named by file, line and column, and the rest counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_PROBLEMS = 1000


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


@dataclass
class Problems:
    """The problems found so far: the first thousand as they are, of the others only how many there are."""

    listed: list[Problem] = field(default_factory=list)
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.listed)

    @property
    def full(self) -> bool:
        """Whether a further problem would only be counted."""
        return len(self.listed) >= MOST_PROBLEMS

    def add(self, problem: Problem) -> None:
        """Note a problem."""
        if self.full:
            self.more += 1
        else:
            self.listed.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note several problems, in their sequence."""
        for problem in problems:
            self.add(problem)

    def count(self, more: int) -> None:
        """Count problems of which nothing else is known."""
        self.more += more
