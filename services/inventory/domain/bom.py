"""Bills of materials: what goes into an item from a day on, exactly, and how long it takes to make it.

A bill says what makes ``output`` of its item. All shares are worked out in whole numbers and rounded once, up, to what
the component's unit of measure allows: half a bottle is a bottle. A share is always that of everything made so far, so
that ten reports of one piece use up no more than one report of ten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.production_errors import QuantityOutOfReach
from services.inventory.domain.supply import MOST_LEAD_DAYS

MOST_COMPONENTS = 200
FULL_BP = 10_000


@dataclass(frozen=True)
class BomComponent:
    """How much of an item goes into the output of a bill; of it, ``scrap_bp`` hundredths of a percent more is lost."""

    item_id: str
    quantity: Quantity
    scrap_bp: int = 0


@dataclass(frozen=True)
class Bom:
    """A version of an item's bill of materials.

    Making takes ``fixed_days`` and ``days_per_lot`` for each output that is begun. An order may bring up to
    ``tolerance_bp`` hundredths of a percent more or less than was planned.
    """

    item_id: str
    version: int
    valid_from: date
    output: Quantity
    components: tuple[BomComponent, ...]
    fixed_days: int = 0
    days_per_lot: int = 0
    tolerance_bp: int = 0
    note: str | None = None

    @property
    def component_ids(self) -> tuple[str, ...]:
        """What goes into it, in the order in which items are locked."""
        return tuple(sorted(each.item_id for each in self.components))

    def share(self, component: BomComponent, made: int, decimals: int) -> int:
        """Return how many thousandths of ``component`` making ``made`` thousandths uses up, as its unit allows."""
        step: int = 10 ** (3 - decimals)
        whole = self.output.milli * FULL_BP * step
        return -(-made * component.quantity.milli * (FULL_BP + component.scrap_bp) // whole) * step

    def lead_days(self, quantity: int) -> int:
        """Return how many days it takes to make ``quantity`` thousandths."""
        lots = -(-quantity // self.output.milli)
        return min(self.fixed_days + self.days_per_lot * lots, MOST_LEAD_DAYS)

    def most(self, planned: Quantity, decimals: int) -> Quantity:
        """Return the most that an order for ``planned`` may bring: a share of a unit is not brought."""
        return Quantity(min(planned.milli + self._tolerance(planned, decimals), LIMIT_MILLI))

    def least(self, planned: Quantity, decimals: int) -> Quantity:
        """Return the least that an order for ``planned`` brings without anybody having to accept that."""
        return Quantity(planned.milli - self._tolerance(planned, decimals))

    def _tolerance(self, planned: Quantity, decimals: int) -> int:
        step: int = 10 ** (3 - decimals)
        return planned.milli * self.tolerance_bp // FULL_BP // step * step


def in_force(versions: Iterable[Bom], day: date) -> Bom | None:
    """Return the one version of an item's bill that holds on ``day``, or nothing before the first.

    The one that began last; of those of one day the one that was written last, so that a slip can be put right.
    """
    holds = [each for each in versions if each.valid_from <= day]
    return max(holds, key=lambda each: (each.valid_from, each.version), default=None)


def counted(milli: int, what: str, field: str | None) -> Quantity:
    """Return ``milli`` thousandths as a quantity; refuse, naming ``field``, more than one can hold."""
    if milli > LIMIT_MILLI:
        raise QuantityOutOfReach(
            f"so much would take more of {what} than can be counted",
            field=field,
            cure="give a smaller quantity",
        )
    return Quantity(milli)
