"""A supplier: from whom items come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Supplier:
    """A company that items are bought from."""

    id: str
    number: str
    name: str
    contact_name: str | None = None
    country: str | None = None
    city: str | None = None
    address: str | None = None
    phone: str | None = None
    version: int = 1
