"""Tax on the parts of an order: each part bears its share, and all parts together exactly the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from libs.common.money import Money


@dataclass(frozen=True, slots=True)
class LineTax:
    """The tax of a line that comes on top of its amount: by which code, at which rate (parts per million), how much."""

    code: str
    ppm: int
    amount: Money

    @property
    def percent(self) -> Decimal:
        """The rate as a percentage."""
        return percent_of(self.ppm)


class Taxed:
    """A line with an ``amount`` without tax, and perhaps a ``tax`` on top."""

    amount: Money
    tax: LineTax | None

    @property
    def tax_amount(self) -> Money:
        """The tax; nothing where there is none."""
        return self.tax.amount if self.tax else Money.zero(self.amount.currency)

    @property
    def gross(self) -> Money:
        """What is to be paid for the line."""
        return self.amount + self.tax_amount


@dataclass(frozen=True)
class Deduction(Taxed):
    """What an invoice deducts for an order line, because its down payment was invoiced before."""

    order_line_id: str
    amount: Money
    tax: LineTax | None = None

    @property
    def taken_off(self) -> Deduction:
        """The same below zero, to be summed up with the lines."""
        tax = self.tax and replace(self.tax, amount=-self.tax.amount)
        return replace(self, amount=-self.amount, tax=tax)


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What a document's lines of one code and rate are worth without tax, and their tax."""

    code: str
    ppm: int
    net: Money
    tax: Money

    @property
    def percent(self) -> Decimal:
        """The rate as a percentage."""
        return percent_of(self.ppm)


def percent_of(ppm: int) -> Decimal:
    """Return parts per million as a percentage without idle zeros: 130,000 is 13."""
    whole, rest = divmod(ppm, 10_000)
    return Decimal(f"{whole}.{rest:04d}".rstrip("0").rstrip("."))


def ppm_of(percentage: Decimal) -> int:
    """Return a percentage in parts per million; digits beyond the fourth do not occur."""
    return int(percentage * 10_000)


def part_tax(tax: LineTax | None, reached: int, whole: int, before: Money) -> LineTax | None:
    """Return the tax of a further part of a line of ``whole`` (a quantity or an amount) that then has ``reached``.

    Like the amount: the share up to this part less what earlier parts bore, so it is never negative.
    """
    return None if tax is None else replace(tax, amount=tax.amount.share(reached, whole) - before)


def totals_by_rate(lines: Iterable[Taxed]) -> tuple[TaxTotal, ...]:
    """Return the sums of the taxed lines for each code and rate, the highest rate first."""
    sums: dict[tuple[int, str], TaxTotal] = {}
    for line in lines:
        if line.tax is not None:
            key = (line.tax.ppm, line.tax.code)
            nothing = Money.zero(line.amount.currency)
            so_far = sums.get(key) or TaxTotal(line.tax.code, line.tax.ppm, nothing, nothing)
            sums[key] = replace(so_far, net=so_far.net + line.amount, tax=so_far.tax + line.tax.amount)
    return tuple(sums[key] for key in sorted(sums, key=lambda key: (-key[0], key[1])))
