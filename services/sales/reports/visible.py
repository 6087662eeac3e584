"""Whose documents a caller may see: a salesperson his own customers' and his team's if he leads one, others all."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, select, true

from services.sales.store.tables import customer
from services.sales.store.teams import SIGHT


def visible_to(only_owner: str | None, customer_column: Column[str]) -> ColumnElement[bool]:
    """Return the condition that a document's customer is ``only_owner``'s, or of one in his team; ``None`` sees all."""
    if only_owner is None:
        return true()
    return customer_column.in_(select(customer.c.id).where(SIGHT.holds(customer.c.owner_id, only_owner)))
