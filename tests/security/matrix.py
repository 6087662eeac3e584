"""Who may do what to whose: every role x every operation x {own, another's, unknown}, asked of the running system."""

from __future__ import annotations

import copy
import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.e2e.systems import System
from tests.security.campaign import Bearer
from tests.security.example import Example
from tests.security.examples import EXAMPLES
from tests.security.operations import Operation
from tests.security.shelf import Shelf
from tests.security.wire import Answer, Wire

FILE = Path(__file__).parent / "matrix.csv"
FIELDS_FILE = Path(__file__).parent / "fields.csv"
UNKNOWN = "00000000-0000-7000-8000-00000000dead"
PEOPLE = {
    "sales": "sam",
    "sales_manager": "mia",
    "warehouse": "wim",
    "finance": "fay",
    "service": "sid",
    "admin": "admin",
}
ROLES = ("anonymous", *PEOPLE, "api_client")
OWNERSHIP = ("own", "other", "unknown")
Row = dict[str, str]
# Each kind of event, document, form or figure has words of its own.
_OWN_WORDS = {
    "entries.data",
    "items.facts",
    "fields",
    "items.fields",
    "figures.section.data",
    "figures.section.problem",
}


@dataclass
class Matrix:
    """Asks the system cell by cell; sam is the salesperson, ned the other one."""

    system: System

    def __post_init__(self) -> None:
        self.shelves = {"own": Shelf(self.system, "sam"), "other": Shelf(self.system, "ned")}
        self.wire = Wire(self.system.target.gateway_url)
        self._bearers = {role: Bearer(self.system[name]) for role, name in PEOPLE.items()}

    @cached_property
    def key(self) -> str:
        """A real key of a program."""
        return str(self.shelves["own"].post("admin", "/api-keys", {"name": "Matrix"})["key"])

    def credentials(self, role: str) -> dict[str, str]:
        """Return the headers by which the role is known."""
        if role == "anonymous":
            return {}
        if role == "api_client":
            return {"X-API-Key": self.key}
        return {"Authorization": f"Bearer {self._bearers[role]()}"}

    def rows(self, operations: Iterable[Operation]) -> list[Row]:
        """Return every row that can be asked."""
        return [row for operation in operations for row in self._rows(operation)]

    def _rows(self, operation: Operation) -> Iterable[Row]:
        for whose in OWNERSHIP:
            example = self._example(operation, whose)
            if example is not None:
                cells = self._cells(operation, whose, example)
                yield {"operation": operation.name, "whose": whose, **cells}

    def _example(self, operation: Operation, whose: str) -> Example | None:
        if operation.name == "POST /api/v1/auth/password":
            return Example(body={"current": "x", "password": "short"}) if whose == "own" else None
        shelf = self.shelves.get(whose, self.shelves["own"])
        example = EXAMPLES[operation.name](shelf)
        if whose == "own":
            return example
        body = example.body if isinstance(example.body, dict) else {}
        if not example.path and "customer_id" not in body:
            return None
        return unknown(example) if whose == "unknown" else example

    def _cells(self, operation: Operation, whose: str, example: Example | None) -> dict[str, str]:
        cells = {}
        for role in ROLES:
            assert example is not None
            answer = self.ask(operation, example, role)
            cells[role] = str(answer.status)
            if 200 <= answer.status < 300 and operation.writes:
                example = self._example(operation, whose)
        return cells

    def ask(self, operation: Operation, example: Example, role: str) -> Answer:
        """Send the example as ``role``."""
        path = operation.path
        for name, value in example.path.items():
            path = path.replace(f"{{{name}}}", value)
        query = "&".join(f"{name}={value}" for name, value in example.query.items())
        headers = {**self.credentials(role), **example.headers}
        body = None
        if example.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(example.body).encode()
        return self.wire.send(operation.method, path + (f"?{query}" if query else ""), headers, body)

    def fields(self, operations: Iterable[Operation]) -> list[Row]:
        """Return the names in the answer to each read of one's own, for the roles that get one."""
        self.shelves["own"].fill()
        found = []
        for operation in operations:
            if operation.writes:
                continue
            example = self._example(operation, "own")
            assert example is not None
            for role in ROLES:
                answer = self.ask(operation, example, role)
                if answer.status == 200:
                    names = " ".join(sorted(names_in(answer.json())))
                    found.append({"operation": operation.name, "role": role, "fields": names})
        return _joined(found)


def unknown(example: Example) -> Example:
    """Return the example with ids that nothing has."""
    if example.path:
        return replace(example, path=dict.fromkeys(example.path, UNKNOWN))
    body = copy.deepcopy(example.body)
    body["customer_id"] = UNKNOWN
    return replace(example, body=body)


def names_in(value: Any, below: str = "") -> set[str]:
    """Return the paths of all names in ``value``; entries of a list count as one."""
    if isinstance(value, dict):
        found: set[str] = set()
        for name, inner in value.items():
            path = f"{below}.{name}".lstrip(".")
            found |= {path} | (set() if path in _OWN_WORDS else names_in(inner, path))
        return found
    if isinstance(value, list):
        return set().union(*(names_in(inner, below) for inner in value)) if value else set()
    return set()


def _joined(rows: list[Row]) -> list[Row]:
    """Write roles that see the same in one row."""
    together: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        together.setdefault((row["operation"], row["fields"]), []).append(row["role"])
    return [
        {"operation": operation, "roles": " ".join(roles), "fields": names}
        for (operation, names), roles in together.items()
    ]


def read(file: Path) -> list[Row]:
    """Return what is pinned."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def write(file: Path, rows: list[Row]) -> None:
    """Pin ``rows``; a person reads the difference before it is committed."""
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write what the system does now, to be reviewed: ``make security-matrix``."""
    import tempfile

    from tests.security.operations import fetched
    from tests.security.served import served

    with tempfile.TemporaryDirectory() as home, served("embedded", Path(home)) as running:
        matrix = Matrix(running.system)
        described = fetched(running.url)
        write(FIELDS_FILE, matrix.fields(described))
        write(FILE, matrix.rows(described))


if __name__ == "__main__":
    main()
