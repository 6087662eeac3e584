"""What sales knows of the things it sells and of those it sells them to, as their owners tell it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.money import Price


@dataclass(frozen=True)
class Item:
    """An item of inventory; ``decimals`` (0 to 3) is how finely its unit of measure may be divided.

    ``unit_cost`` is what a unit of it costs on average, as inventory last said, if it did.
    ``tax_code`` is what sales lets it bear; none: the company's standard one.
    """

    id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    unit_cost: Price | None = None
    tax_code: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Customer:
    """A customer of crm; ``owner_id`` is the salesperson whose customer it is.

    ``group`` and ``region`` are words by which prices are made. ``tax_code``, kept by sales, is what he bears in place
    of the items' own: an exemption.
    """

    id: str
    number: str
    name: str
    currency: str
    owner_id: str | None = None
    group: str | None = None
    region: str | None = None
    tax_code: str | None = None
