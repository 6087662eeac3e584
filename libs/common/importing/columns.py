"""The description of what is brought in: which columns a kind of row has, and what each holds."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.importing.values import ReadCell


@dataclass(frozen=True)
class Column:
    """One column: how to read it, whether it must be filled, what it means, and an example."""

    name: str
    read: ReadCell
    required: bool
    meaning: str
    example: str


@dataclass(frozen=True)
class Format:
    """One file. ``key`` are the columns that name a row: no two rows may have the same.

    ``part_of`` names the file whose rows these complete: the two are taken together or not at all. ``belongs_by``
    are the first columns of the key, by which rows belong together; without any, each row is for itself.
    """

    name: str
    owner: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    part_of: str | None = None
    belongs_by: tuple[str, ...] = ()

    @property
    def document(self) -> tuple[str, ...]:
        """The columns whose rows with the same values are one document, never taken apart."""
        return self.belongs_by or self.key

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def must(name: str, read: ReadCell, meaning: str, example: str) -> Column:
    """Return a column that is filled in every row."""
    return Column(name, read, True, meaning, example)


def may(name: str, read: ReadCell, meaning: str, example: str = "") -> Column:
    """Return a column that may be left empty."""
    return Column(name, read, False, meaning, example)
