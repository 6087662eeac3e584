"""Items and what their unit of measure and lot tracking demand of every quantity that names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from libs.common.quantity import Quantity
from services.inventory.domain.errors import LotMissing, LotNotTracked, QuantityNotPositive, QuantityTooFine

NO_LOT = ""
DOCUMENT = "item"


@dataclass(frozen=True)
class Item:
    """A thing that can lie in a warehouse.

    ``decimals`` (0 to 3) is how finely its unit of measure may be divided: 0 for pieces, 3 for kilograms. It,
    the unit and the tracking are fixed once the item exists, because past moves were written with them. ``fields``
    is what it says of the company's own form, last filled in by ``form_version`` of that.
    """

    id: str
    sku: str
    name: str
    category: str | None
    uom: str
    decimals: int
    lot_tracked: bool
    active: bool
    version: int = 1
    serial_tracked: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    form_version: int = 0

    @property
    def tracking(self) -> str:
        """``none``, by ``lot``, or by ``serial`` number."""
        if self.serial_tracked:
            return "serial"
        return "lot" if self.lot_tracked else "none"


@dataclass(frozen=True)
class Warehouse:
    """A place where stock lies; orders are filled from the default one first.

    ``quarantine_of`` names the warehouse for which this one keeps what came back and was not inspected yet: nothing
    in it is promised to anybody. ``transit_to`` names the one to which what is here is under way. ``packing_required``:
    nothing leaves it that is not packed.
    """

    id: str
    code: str
    name: str
    is_default: bool
    version: int = 1
    quarantine_of: str | None = None
    transit_to: str | None = None
    packing_required: bool = False


def require_quantity(item: Item, quantity: Quantity, field: str) -> None:
    """Refuse a quantity that is not positive or is finer than the item's unit of measure."""
    if quantity.milli <= 0:
        raise QuantityNotPositive(
            f"{quantity} {item.uom} of {item.sku} is not a positive quantity",
            field=field,
            cure="give a quantity greater than zero",
        )
    require_granularity(item, quantity, field)


def require_granularity(item: Item, quantity: Quantity, field: str) -> None:
    """Refuse a quantity, of any sign, that is finer than the item's unit of measure."""
    if not quantity.fits(item.decimals):
        raise QuantityTooFine(
            f"{quantity} {item.uom} of {item.sku}: this unit allows {item.decimals} decimals",
            field=field,
            cure="round the quantity to what the unit of measure allows",
            decimals=item.decimals,
        )


def require_lot(item: Item, lot: str | None, field: str) -> str:
    """Return the lot to book on; refuse a missing lot of a tracked item, and a lot of one that is not."""
    if item.lot_tracked and not lot:
        raise LotMissing(
            f"{item.sku} is tracked by lot", field=field, cure="name the lot that is printed on the goods"
        )
    if lot and not item.lot_tracked:
        raise LotNotTracked(f"{item.sku} is not tracked by lot", field=field, cure="leave the lot out")
    return lot or NO_LOT
