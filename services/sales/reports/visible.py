"""Whose documents a caller may see: a salesperson those of his own customers, everybody else all."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, select, true

from services.sales.store.tables import customer


def visible_to(only_owner: str | None, customer_column: Column[str]) -> ColumnElement[bool]:
    """Return the condition that a document's customer belongs to ``only_owner``; ``None`` sees all."""
    if only_owner is None:
        return true()
    return customer_column.in_(select(customer.c.id).where(customer.c.owner_id == only_owner))
