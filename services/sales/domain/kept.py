"""What of an order line had left when its terms were changed: it stays sold as it was, whatever the line says now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.taxes import LineTax


@dataclass(frozen=True, slots=True)
class Kept:
    """The first ``quantity`` of a line, what it costs without tax, and its tax."""

    quantity: Quantity
    net: Money
    tax: Money

    def amount(self, line_tax: LineTax | None) -> Money:
        """Return what the price made of it: with tax where prices are inclusive."""
        return self.net + self.tax if line_tax is not None and line_tax.included else self.net


class KeepsParts(Protocol):
    """A line of which a part may be kept."""

    @property
    def quantity(self) -> Quantity:
        """All of it."""

    @property
    def net(self) -> Money:
        """What all of it costs without tax."""

    @property
    def tax_amount(self) -> Money:
        """The tax of all of it."""

    @property
    def kept(self) -> Kept | None:
        """What of it had left when its terms were changed."""


def worth_up_to(line: KeepsParts, reached: Quantity) -> tuple[Money, Money]:
    """Return what the first ``reached`` of a line cost without tax, and their tax: as finance invoices them.

    What is kept bears its share of what it cost then, the rest its share of what the rest costs now.
    """
    kept = line.kept
    if kept is None:
        return _shares(line.net, line.tax_amount, reached, line.quantity)
    if reached <= kept.quantity:
        return _shares(kept.net, kept.tax, reached, kept.quantity)
    rest = (line.net - kept.net, line.tax_amount - kept.tax)
    net, tax = _shares(*rest, reached - kept.quantity, line.quantity - kept.quantity)
    return kept.net + net, kept.tax + tax


def _shares(net: Money, tax: Money, part: Quantity, whole: Quantity) -> tuple[Money, Money]:
    return net.share(part.milli, whole.milli), tax.share(part.milli, whole.milli)


def cut(line: KeepsParts, left: Quantity) -> Kept | None:
    """Return what of a line is kept when its terms change after ``left`` of it has gone; nothing before that."""
    return Kept(left, *worth_up_to(line, left)) if left else None
