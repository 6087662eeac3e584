"""The rule by which waiting orders are ranked: who is served first when stock returns.

A queue number is the rank: whoever has the smaller one is ahead. By the rule that comes with the product it is the
sequence in which orders asked, first come first served. A rule of the company may rank by the customer's group first,
and then by the promised day; the sequence decides what is left, so no two orders ever have one rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.inventory.domain.fulfilment_errors import GroupNamedTwice

MOST_GROUPS = 15
_SEQUENCE_BITS = 33
_DAY_BITS = 16
_NO_DAY = (1 << _DAY_BITS) - 1
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class QueueRule:
    """``groups`` of customers in the order in which they are served, all others last; version 0 is the product's."""

    version: int = 0
    groups: tuple[str, ...] = ()
    by_promised_day: bool = False

    def place(self, group: str | None, promised_on: date | None, sequence: int) -> int:
        """Return the queue number of an order that was the ``sequence``-th to ask."""
        band = self.groups.index(group) if group in self.groups else len(self.groups)
        day = _day(promised_on) if self.by_promised_day else 0
        return ((band << _DAY_BITS) + day << _SEQUENCE_BITS) + sequence

    def reason(self, group: str | None, promised_on: date | None) -> str:
        """Say why an order stands where it does."""
        if not self.groups and not self.by_promised_day:
            return f"rule {self.version}: first come, first served"
        parts = []
        if self.groups:
            parts.append(f"group {group}" if group in self.groups else "any other group")
        if self.by_promised_day:
            parts.append(f"promised {promised_on.isoformat()}" if promised_on else "promised for no day")
        return f"rule {self.version}: {', '.join(parts)}, then first come"


def sequence_of(queue_no: int) -> int:
    """Return as which order one asked, whatever rule its queue number was given by."""
    return queue_no & ((1 << _SEQUENCE_BITS) - 1)


def _day(promised_on: date | None) -> int:
    if promised_on is None:
        return _NO_DAY
    return min(max(0, (promised_on - _FIRST_DAY).days), _NO_DAY - 1)


def require_each_once(groups: Sequence[str]) -> None:
    """Refuse a group that is named twice."""
    for index, group in enumerate(groups):
        if group in groups[:index]:
            raise GroupNamedTwice(
                f"group {group} is named twice", field=f"groups.{index}", cure="name each group once"
            )
