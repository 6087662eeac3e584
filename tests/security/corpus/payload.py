"""What one hostile value is: a name, the JSON text that goes into the body, and the text that goes elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Payload:
    """A value as JSON text, because half of the attacks are values that no JSON writer would produce."""

    name: str
    json: str

    @cached_property
    def text(self) -> str | None:
        """The value as it would stand in a query or a path; ``None`` where only a body can hold it."""
        try:
            value = json.loads(self.json)
        except (ValueError, RecursionError):
            return None
        if isinstance(value, str):
            return value
        return self.json if isinstance(value, int | float | bool) or value is None else None

    @property
    def value(self) -> Any:
        """The value as a lenient reader would take it (last key wins, NaN is a float)."""
        return json.loads(self.json)


def of(group: str, *values: Any) -> list[Payload]:
    """Make a payload of each value."""
    return [Payload(f"{group} {_short(value)}", json.dumps(value)) for value in values]


def raw(group: str, *texts: str) -> list[Payload]:
    """Make a payload of each JSON text as it is."""
    return [Payload(f"{group} raw {text[:40]}", text) for text in texts]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:30]}... ({len(text)})"
