"""What a technician noticed at a customer, as crm hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from libs.common.money import Money
from libs.common.quantity import Quantity

SOURCE = "service"
_TITLES: Mapping[str, str] = {
    "worn": "Worn, to be replaced · 磨损待更换",
    "outgrown": "Outgrown, needs a bigger one · 已不够用,需更大规格",
    "consumables": "Needs consumables · 需要耗材",
    "upgrade": "Wants an upgrade · 希望升级",
}
MOST_TITLE = 200


@dataclass(frozen=True)
class Finding:
    """What was noticed while a ticket was worked on; ``wanted`` is what the customer may need, and how much."""

    finding_id: str
    ticket_id: str
    ticket_number: str
    customer_id: str
    kind: str
    note: str
    found_by: str
    wanted: tuple[str, Quantity] | None = None

    @property
    def title(self) -> str:
        """What the opportunity is called."""
        return _TITLES.get(self.kind, self.kind)

    @property
    def next_step(self) -> str:
        """What the salesperson is told."""
        return " ".join(self.note.split())[:MOST_TITLE].strip()


@dataclass(frozen=True)
class Earned:
    """An order that came of a finding: what it comes to with tax, and what of it is revenue, without."""

    opportunity_id: str
    number: str
    finding_id: str
    ticket_id: str
    order_id: str
    order_number: str
    state: str
    total: Money
    revenue: Money
