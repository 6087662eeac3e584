"""What a list is filtered by, said so that the server can plan for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal

_WORDS = frozenset({"state", "payment_state", "credit", "origin", "queue"})
"""Columns that have one of a few words, of which one may be in nearly every row and another in a handful."""


def matches(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    """Return that ``column`` has ``value``; a word of a few is written into the statement.

    A statement that comes again and again is planned once for every value. To that plan each word is as frequent as
    any other, and it walks back through the rows by their ids until it has a page of them: through all of the table
    where the word is rare, as the unpaid invoices are among 200,000 paid ones (45 ms instead of 0.3).
    """
    written = getattr(column, "name", None) in _WORDS
    told: ColumnElement[bool] = column == literal(value, type_=column.type, literal_execute=written)
    return told


def above_zero(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return that something is left of an amount; the zero is written into the statement.

    Only so can a plan that is kept use an index of those of which something is left: to the server a parameter
    could as well be below zero, where the index has nothing.
    """
    told: ColumnElement[bool] = column > literal(0, literal_execute=True)
    return told
