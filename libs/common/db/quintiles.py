"""Scores from 1 (least) to 5 (most) among all rows of a query, as an expression of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

QUINTILES = 5


def quintile(worth: ColumnElement[Any], *, apart: ColumnElement[Any] | None = None) -> ColumnElement[int]:
    """Return in which fifth of all rows each lies by ``worth``; rows that differ in ``apart`` are compared apart.

    Equal rows have the same score, the fifth of the middle of the places that they share: of n rows, ``less`` of them
    worth less and ``same`` worth as much, that is (less + same / 2) / n. So the only row is in the middle, and two
    lie at 2 and 4; where five or more all differ it is what NTILE(5) gives, up to the rest of the division.
    """
    group = [] if apart is None else [apart]
    less = func.rank().over(partition_by=group or None, order_by=worth) - 1
    same = func.count().over(partition_by=[*group, worth])
    everybody = func.count().over(partition_by=group or None)
    return (2 * less + same) * QUINTILES // (2 * everybody) + 1
