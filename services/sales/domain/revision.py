"""What a revision changed: line by line, and in the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from libs.common.money import Money
from services.sales.domain.quotation import Quotation
from services.sales.domain.quotation_line import QuotationLine

Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class LineChange:
    """A line that is new, gone or different; the side on which it is not has no line."""

    change: Change
    item_id: str
    sku: str
    name: str
    before: QuotationLine | None
    after: QuotationLine | None


@dataclass(frozen=True)
class Revision:
    """A revision beside the one before it; ``difference`` is what the total grew by."""

    before: Quotation
    after: Quotation
    difference: Money
    lines: tuple[LineChange, ...]


def compare(before: Quotation, after: Quotation) -> Revision:
    """Return what ``after`` changed, in the order of its lines; what is gone comes last.

    Lines of the same item are matched in their order: the first with the first.
    """
    then, now = _by_item(before.lines), _by_item(after.lines)
    changes = [
        change
        for item_id in (*now, *(item_id for item_id in then if item_id not in now))
        for change in _changes(then.get(item_id, []), now.get(item_id, []))
    ]
    return Revision(before, after, after.total - before.total, tuple(sorted(changes, key=_place)))


def _place(change: LineChange) -> tuple[bool, int]:
    line = change.after or change.before
    return change.after is None, line.line_no if line else 0


def _by_item(lines: Iterable[QuotationLine]) -> dict[str, list[QuotationLine]]:
    found: dict[str, list[QuotationLine]] = defaultdict(list)
    for line in lines:
        found[line.item_id].append(line)
    return dict(found)


def _changes(before: Iterable[QuotationLine], after: Iterable[QuotationLine]) -> Iterator[LineChange]:
    for old, new in zip_longest(before, after):
        shown = new or old
        change: Change = "added" if old is None else "removed" if new is None else "changed"
        if old is None or new is None or _terms(old) != _terms(new):
            yield LineChange(change, shown.item_id, shown.sku, shown.name, old, new)


def _terms(line: QuotationLine) -> tuple[object, ...]:
    """Return what was agreed on a line; its share of a tax that is rounded per document depends on the others."""
    return (
        line.quantity,
        line.unit_price,
        line.discount_bp,
        line.promotion,
        line.amount,
        line.option,
        (line.tax.code, line.tax.ppm) if line.tax else None,
    )
