"""Tax on the lines of a document: exact, by the rule that the document keeps, and summed up by rate.

A rate is in parts per million (``ppm``): 13 % is 130,000, so a percentage may have four decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from libs.common.money import Money, divide_half_up

Prices = Literal["exclusive", "inclusive"]
Rounding = Literal["line", "document"]
WHOLE_PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class TaxRule:
    """Whether prices contain the tax, and what is rounded half up: each line's tax, or the document's per rate."""

    prices: Prices = "exclusive"
    rounding: Rounding = "line"

    @property
    def inclusive(self) -> bool:
        """Whether what a line costs contains its tax."""
        return self.prices == "inclusive"


NO_RULE = TaxRule()


@dataclass(frozen=True, slots=True)
class LineTax:
    """The tax of a line: by which code and rate, how much, and whether the line's amount contains it."""

    code: str
    ppm: int
    amount: Money
    included: bool = False

    @property
    def percent(self) -> Decimal:
        """The rate as a percentage."""
        return percent_of(self.ppm)


class Taxed:
    """What a line with an ``amount`` and perhaps a ``tax`` is worth without the tax and with it."""

    amount: Money
    tax: LineTax | None

    @property
    def tax_amount(self) -> Money:
        """The tax; nothing where there is none."""
        return self.tax.amount if self.tax else Money.zero(self.amount.currency)

    @property
    def net(self) -> Money:
        """What the line costs without tax."""
        return self.amount - self.tax.amount if self.tax and self.tax.included else self.amount

    @property
    def gross(self) -> Money:
        """What the line costs with tax."""
        return self.net + self.tax_amount


class TaxedAmount(NamedTuple):
    """An amount with the code and rate of its tax; it ``counts`` unless it is only offered beside another."""

    amount: Money
    code: str | None
    ppm: int
    counts: bool = True


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What a document's lines of one code and rate are worth without tax, and their tax."""

    code: str
    percent: Decimal
    net: Money
    tax: Money


class TaxedDocument:
    """What a document with a ``total``, which is with tax, is worth without it."""

    currency: str
    total: Money
    tax_minor: int
    tax_rule: TaxRule

    @property
    def tax(self) -> Money:
        """The tax that the total contains."""
        return Money(self.tax_minor, self.currency)

    @property
    def net(self) -> Money:
        """The total without tax."""
        return self.total - self.tax

    @property
    def priced(self) -> Money:
        """The sum of what the prices make: without tax, or with it where prices are inclusive."""
        return self.total if self.tax_rule.inclusive else self.net


def percent_of(ppm: int) -> Decimal:
    """Return parts per million as a percentage without idle zeros: 130,000 is 13."""
    whole, rest = divmod(ppm, 10_000)
    return Decimal(f"{whole}.{rest:04d}".rstrip("0").rstrip("."))


def ppm_of(percentage: Decimal) -> int:
    """Return a percentage in parts per million; ``ValueError`` when it is finer than that."""
    ppm = percentage * 10_000
    if ppm != int(ppm):
        raise ValueError("a rate of tax has at most four decimals")
    return int(ppm)


def tax_of(minor: int, ppm: int, *, inclusive: bool) -> int:
    """Return the tax on ``minor`` (inclusive: within it), in the same units, rounded half up."""
    return divide_half_up(minor * ppm, WHOLE_PPM + ppm if inclusive else WHOLE_PPM)


def tax_amounts(lines: Sequence[TaxedAmount], rule: TaxRule) -> list[Money]:
    """Return the tax of each of the lines.

    Rounded per document, a line bears what the rounded tax of its rate grows by with it: so the lines of a rate sum
    up to the tax of their sum, and no line's tax is negative. What does not count is taxed by itself.
    """
    reached: dict[tuple[str | None, int], int] = {}
    found = []
    for amount, code, ppm, counts in lines:
        together = counts and rule.rounding == "document"
        before = reached.get((code, ppm), 0) if together else 0
        after = before + amount.minor
        if together:
            reached[code, ppm] = after
        minor = tax_of(after, ppm, inclusive=rule.inclusive) - tax_of(before, ppm, inclusive=rule.inclusive)
        found.append(Money(minor, amount.currency))
    return found


def line_taxes(lines: Sequence[TaxedAmount], rule: TaxRule) -> list[LineTax | None]:
    """Return the tax of each of the lines; nothing for one without a code."""
    amounts = iter(tax_amounts([line for line in lines if line.code is not None], rule))
    return [
        None if line.code is None else LineTax(line.code, line.ppm, next(amounts), rule.inclusive)
        for line in lines
    ]


def totals_by_rate(lines: Iterable[Taxed]) -> tuple[TaxTotal, ...]:
    """Return the sums of the taxed lines for each code and rate, the highest rate first."""
    sums: dict[tuple[int, str], tuple[Money, Money]] = {}
    for line in lines:
        if line.tax is not None:
            nothing = Money.zero(line.amount.currency)
            net, tax = sums.get((line.tax.ppm, line.tax.code), (nothing, nothing))
            sums[line.tax.ppm, line.tax.code] = (net + line.net, tax + line.tax.amount)
    return tuple(
        TaxTotal(code, percent_of(ppm), *sums[ppm, code])
        for ppm, code in sorted(sums, key=lambda key: (-key[0], key[1]))
    )
