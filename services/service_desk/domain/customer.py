"""What the desk knows of a customer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """The fields of a customer that the desk reads; ``owner_id`` is the salesperson, ``group_name`` its group."""

    id: str
    number: str
    name: str
    owner_id: str | None = None
    group_name: str | None = None
