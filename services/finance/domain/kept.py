"""What of an order line had left when its terms were changed: it is invoiced as it was, and only the rest as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Kept:
    """The first ``quantity`` of a line, what it costs without tax, and its tax."""

    quantity: Quantity
    net: Money
    tax: Money


class InParts(Protocol):
    """An order line that is invoiced in parts; amounts are without tax."""

    @property
    def quantity(self) -> Quantity:
        """All of it."""

    @property
    def amount(self) -> Money:
        """What all of it costs."""

    @property
    def tax_amount(self) -> Money:
        """The tax of all of it."""

    @property
    def kept(self) -> Kept | None:
        """What of it had left when its terms were changed."""

    @property
    def kept_waived(self) -> Quantity:
        """What of that will never be invoiced."""


def worth_up_to(line: InParts, reached: Quantity) -> tuple[Money, Money]:
    """Return what the first ``reached`` of a line cost without tax, and their tax.

    What is kept bears its share of what it cost then, the rest its share of what the rest costs now: so whatever the
    parts are, all of them together are exactly the line.
    """
    kept = line.kept
    if kept is None:
        return _shares(line.amount, line.tax_amount, reached, line.quantity)
    if reached <= kept.quantity:
        return _shares(kept.net, kept.tax, reached, kept.quantity)
    rest = (line.amount - kept.net, line.tax_amount - kept.tax)
    net, tax = _shares(*rest, reached - kept.quantity, line.quantity - kept.quantity)
    return kept.net + net, kept.tax + tax


def worth_of_invoiced(line: InParts, reached: Quantity) -> tuple[Money, Money]:
    """Return what the first ``reached`` that are invoiced of a line cost without tax, and their tax.

    What was refused of what had left before a change takes nothing of the terms of the change: it is counted first.
    """
    net, tax = worth_up_to(line, line.kept_waived + reached)
    net_before, tax_before = worth_up_to(line, line.kept_waived)
    return net - net_before, tax - tax_before


def kept_among(line: InParts, invoiced: Quantity, refused: Quantity) -> Quantity:
    """Return what of goods that are ``refused`` had left before the line's terms were changed.

    Those are invoiced first, so it is what of them is neither invoiced nor refused yet.
    """
    if line.kept is None:
        return Quantity.zero()
    return max(min(refused, line.kept.quantity - invoiced - line.kept_waived), Quantity.zero())


def _shares(net: Money, tax: Money, part: Quantity, whole: Quantity) -> tuple[Money, Money]:
    return net.share(part.milli, whole.milli), tax.share(part.milli, whole.milli)
