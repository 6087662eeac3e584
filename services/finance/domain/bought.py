"""What was bought and what came of it: finance's copy of purchase orders, valued at the order's prices."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.money import Money, Price, divide_half_up, exponent
from libs.common.quantity import SCALE, Quantity

_PRICE_SCALE = 10_000


@dataclass(frozen=True)
class Supplier:
    """From whom things are bought."""

    supplier_id: str
    number: str
    name: str


@dataclass(frozen=True)
class BoughtLine:
    """A line of a purchase order: what was ordered at which price, what came in, and what the supplier has invoiced.

    ``invoiced`` is only what was posted; it is more than ``received`` where a person or a tolerance let it pass, or
    where goods went back and are not credited yet. ``carried`` minor units are what the difference of both is carried
    at in the company's books, where it is of another currency; ``None``: it was never in them.
    """

    line_id: str
    purchase_order_id: str
    order_number: str
    supplier_id: str
    item_id: str
    sku: str
    ordered: Quantity
    unit_price: Price
    received: Quantity
    invoiced: Quantity
    carried: int | None = 0

    @property
    def uninvoiced(self) -> Money:
        """What came in less what was invoiced, at the order's price; negative where more was invoiced."""
        return self.value_between(self.invoiced, self.received)

    @property
    def to_invoice(self) -> Quantity:
        """What came in and was not invoiced yet."""
        return max(self.received - self.invoiced, Quantity.zero())

    def value_of(self, quantity: Quantity) -> Money:
        """Return what ``quantity`` costs at the order's price, rounded half up once."""
        return value_of(quantity, self.unit_price)

    def value_between(self, before: Quantity, after: Quantity) -> Money:
        """Return the value of what lies between two quantities of the line.

        Parts are valued as differences of what the line came to: however a line is cut, receipts and invoices of the
        same goods come to the same amount, to the cent.
        """
        return self.value_of(after) - self.value_of(before)


def value_of(quantity: Quantity, price: Price) -> Money:
    """Return what ``quantity`` costs at ``price``, rounded half up; ``ValueError`` when no amount can hold it."""
    step = SCALE * _PRICE_SCALE // 10 ** exponent(price.currency)
    return Money(divide_half_up(quantity.milli * price.e4, step), price.currency)
