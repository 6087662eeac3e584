"""Which companies can be replayed, and what is special about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from meridian.topography import ROOT

EXAMPLES = ROOT / "examples"
PAYMENT_DAYS = 21


@dataclass(frozen=True)
class Scenario:
    """A company under ``examples/``.

    ``company`` is its master data in the format of the import, ``replay`` its orders. With ``supply``, what runs short
    is bought and made by the system's own requisitions and production orders; without, somebody books it in.
    Customers pay ``PAYMENT_DAYS`` after the shipment, those of the groups in ``pays_after`` after that many days.
    """

    name: str
    what: str
    pays_after: dict[str, int] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return EXAMPLES / self.name

    @property
    def company(self) -> Path:
        """Master data, as ``meridian import`` takes them."""
        return self.folder / "company"

    @property
    def replay(self) -> Path:
        """What its people did."""
        return self.folder / "replay"

    @property
    def supply(self) -> Path | None:
        """How its items are bought and made, and what it offers; ``None`` where nobody said."""
        folder = self.folder / "supply"
        return folder if folder.is_dir() else None

    def payment_days(self, group: str | None) -> int:
        """Return how many days after the shipment a customer of ``group`` pays."""
        return self.pays_after.get(group or "", PAYMENT_DAYS)


SCENARIOS = {
    each.name: each
    for each in (
        Scenario("northwind", "a food wholesaler: 830 orders of two years, stock and credit tight"),
        Scenario(
            "adventureworks",
            "a maker of bicycles: 1,566 orders of seven months, shortages bought and made",
            pays_after={"consumer": 0},
        ),
    )
}
