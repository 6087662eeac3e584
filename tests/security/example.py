"""A valid request, and the kinds of it that many operations share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.security.shelf import Shelf

Make = Callable[[Shelf], "Example"]


@dataclass(frozen=True)
class Example:
    """One valid request; ``bearer`` replaces the administrator's token where another one must ask."""

    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    bearer: str | None = None


def document(name: str, part: Callable[[Shelf], Any]) -> Make:
    """Return how one looks at a document of the shelf."""
    return lambda shelf: Example({name: part(shelf)["id"]})


def listing(_shelf: Shelf) -> Example:
    """Look at a list."""
    return Example()


def of_customer(shelf: Shelf) -> Example:
    """Look at something of the shelf's customer."""
    return Example({"customer_id": shelf.customer["id"]})


def of_a_fresh_customer(shelf: Shelf) -> dict[str, str]:
    """An accepted change may take the customer away, stop its credit or end it: nothing else must hang on it."""
    return {"customer_id": shelf.fresh_customer()["id"]}


def today(shelf: Shelf) -> str:
    """Return the day on which the system issues its documents."""
    return str(shelf.quotation["issued_on"])
