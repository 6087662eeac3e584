"""Orders as crm follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.money import Money


@dataclass(frozen=True)
class Placed:
    """An order as sales tells of it; ``recorded`` is one of the past, which nobody will confirm any more."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    quotation_id: str | None = None
    opportunity_id: str | None = None
    recorded: bool | None = None
