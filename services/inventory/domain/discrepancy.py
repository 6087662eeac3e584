"""Discrepancies: goods that the books had and the shelf had not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from libs.common.quantity import Quantity
from services.inventory.domain.fulfilment_errors import DiscrepancySettled, FoundMoreThanMissing
from services.inventory.domain.items import Item, require_granularity
from services.inventory.domain.picking import ShortReason

DiscrepancyState = Literal["open", "settled"]
_NOTHING = Quantity.zero()


@dataclass(frozen=True)
class Discrepancy:
    """What was missing when somebody picked. It left the books at once (``document_id``), so that nobody is promised
    it; *settled* when a person has looked: ``found`` of it came back into the books, the rest is lost.
    """

    id: str
    number: str
    item_id: str
    warehouse_id: str
    lot: str
    missing: Quantity
    reason: ShortReason
    note: str | None
    delivery_id: str
    order_line_id: str
    document_id: str
    state: DiscrepancyState = "open"
    found: Quantity = _NOTHING
    answer: str | None = None
    version: int = 1


def settle(open_one: Discrepancy, found: Quantity, answer: str | None, item: Item) -> Discrepancy:
    """Return the discrepancy with what was found again of it; nothing means that all of it is lost."""
    if open_one.state != "open":
        raise DiscrepancySettled(
            f"{open_one.number} was settled: {open_one.found} {item.uom} were found",
            cure="correct the stock by an adjustment",
            found=open_one.found,
        )
    if found > open_one.missing:
        raise FoundMoreThanMissing(
            f"{open_one.missing} {item.uom} were missing",
            field="found",
            cure="name at most what was missing, and book the rest as an adjustment",
            missing=open_one.missing,
        )
    require_granularity(item, found, "found")
    return replace(open_one, state="settled", found=found, answer=answer)
