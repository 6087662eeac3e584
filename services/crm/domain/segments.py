"""Segments of customers by recency and frequency: quintiles from 1 (least) to 5 (most), and their names.

Sales names its segments by the same rule; a test holds the two together, because no service imports another.
"""

from __future__ import annotations

SEGMENTS = ("champion", "loyal", "new", "at_risk", "lost", "regular")
HIGH_SHARE_BP = 8000
"""Of the revenue: the customers who bring that much of it, the biggest first, are of high value."""
_HIGH, _LOW, _MIDDLE = 4, 2, 3


def segment_of(recency: int, frequency: int) -> str:
    """Return the segment of a customer, of whom it says what to do."""
    if recency >= _HIGH and frequency >= _HIGH:
        return "champion"
    if frequency >= _HIGH and recency == _MIDDLE:
        return "loyal"
    if recency >= _HIGH and frequency <= _LOW:
        return "new"
    if recency <= _LOW:
        return "at_risk" if frequency >= _MIDDLE else "lost"
    return "regular"
