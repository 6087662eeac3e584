"""Serials as requests name them and answers show them."""

from __future__ import annotations

from typing import Any

from libs.common.web import fields
from services.inventory.domain.serials import LONGEST, MOST

_NAMES = {"description": "Each unit by its serial, or ranges of them: SN0001..SN0050."}


def serials_in(**metadata: str) -> fields.ListOf:
    """Return the field by which a request names serials; each entry is one, or a range."""
    text = fields.Text(max=2 * LONGEST + 2, pattern=r"[^\s/]+")
    return fields.ListOf(text, least=0, most=MOST, load_default=(), metadata=_NAMES | metadata)


def serials_out() -> fields.ListOf:
    """Return the field by which an answer shows serials."""
    return fields.ListOf(fields.Text(max=LONGEST), least=0, most=100_000)


def with_serials(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a request with its serials as use cases take them."""
    return {name: tuple(value) if name.endswith("serials") else value for name, value in line.items()}
