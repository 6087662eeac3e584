"""The floor's rows: copies of real ones with keys of their own, spread evenly over the commits of a cycle."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg

from libs.common.ids import SystemIds
from tests.performance.recipe import Column, Table

Key = tuple[str | None, ...]


@dataclass
class Cycle:
    """How far a cycle has come in one service, and which rows it has."""

    transactions: int
    done: int = 0
    rows: dict[str, list[Key]] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether the service has nothing more to do for the cycle."""
        return self.done >= self.transactions


def share(total: int, place: int, places: int) -> int:
    """Return how many of ``total`` belong to ``place`` of ``places``; the first get what is left over."""
    return total // places + (1 if place < total % places else 0)


class Writer:
    """Writes one lane's rows."""

    def __init__(self, tables: list[Table], lane: int) -> None:
        self._tables = tables
        self._ids = SystemIds()
        self._numbers = count((os.getpid() % 10_000 * 10 + lane) * 1_000_000)
        self._chance = random.Random(lane)
        self._statements = {table.name: _statements(table) for table in tables}

    def write(self, cursor: psycopg.Cursor[Any], cycle: Cycle) -> None:
        """Write the rows of the cycle's next commit."""
        place, places = cycle.done, cycle.transactions
        for table in self._tables:
            insert, update, delete = self._statements[table.name]
            rows = cycle.rows.setdefault(table.name, [])
            self._delete(cursor, delete, rows, share(table.deletes, places - 1 - place, places))
            for _ in range(share(table.inserts, place, places)):
                values = self._fresh(table)
                cursor.execute(insert, list(values.values()))
                rows.append(tuple(values[name] for name in table.key))
            for key in self._keys(table, rows, share(table.updates, place, places)):
                cursor.execute(update, (table.pattern[table.touched], *key))
        cycle.done += 1

    def _delete(self, cursor: psycopg.Cursor[Any], statement: str, rows: list[Key], number: int) -> None:
        for _ in range(min(number, len(rows))):
            cursor.execute(statement, rows.pop(0))

    def _keys(self, table: Table, rows: list[Key], number: int) -> list[Key]:
        """Choose rows to change: the cycle's own, or shared ones, always in the same order to avoid deadlocks."""
        if rows:
            return [rows[place % len(rows)] for place in range(number)]
        if not table.shared:
            return []
        picked = sorted(self._chance.choices(range(len(table.shared)), k=number))
        return [tuple(table.shared[place][name] for name in table.key) for place in picked]

    def _fresh(self, table: Table) -> dict[str, str | None]:
        values = dict(table.pattern)
        for column in table.columns:
            if column.fresh and values[column.name] is not None:
                values[column.name] = self._value(column, table.pattern[column.name] or "")
        return values

    def _value(self, column: Column, pattern: str) -> str:
        if column.type == "uuid":
            return self._ids.new()
        number = str(next(self._numbers))
        if column.type in ("int8", "int4"):
            return number
        # As long as the real one, and different: the number takes the place of its end.
        width = max(len(pattern), len(number))
        return pattern.ljust(width)[: width - len(number)] + number


def _statements(table: Table) -> tuple[str, str, str]:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    where = " AND ".join(f'"{name}" = %s' for name in table.key)
    return (
        f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',
        f'UPDATE "{table.name}" SET "{table.touched}" = %s WHERE {where}',
        f'DELETE FROM "{table.name}" WHERE {where}',
    )
