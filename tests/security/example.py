"""What an example of an operation is."""

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
