"""Whose customers, leads and opportunities somebody may know of."""

from __future__ import annotations

Owners = frozenset[str] | None
"""The salespeople whose things the caller sees: himself, and those whose manager he is; ``None`` sees all."""


def within(owner_id: str | None, owners: Owners) -> bool:
    """Tell whether what is ``owner_id``'s may be known of."""
    return owners is None or owner_id in owners
