"""Exact money: whole minor units of one currency; floats never take part.

Currency exponents follow ISO 4217. Rounding is half up (away from zero), the commercial rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LIMIT_MINOR = 10**17
_EXPONENTS = {
    "AED": 2, "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "CZK": 2, "DKK": 2,
    "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2, "ISK": 0, "JOD": 3, "JPY": 0,
    "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "OMR": 3, "PHP": 2, "PLN": 2,
    "SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TND": 3, "TRY": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?\Z", re.ASCII)


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met without a rate."""


def exponent(currency: str) -> int:
    """Return the number of decimals of ``currency``; ``ValueError`` when it is not known."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise ValueError(f"unknown currency: {currency[:10]!r}") from None


def currencies() -> tuple[str, ...]:
    """Return the known ISO 4217 codes."""
    return tuple(_EXPONENTS)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded half away from zero, in whole numbers only."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def _plain_digits(number: int, decimals: int) -> str:
    """Return ``number`` units of 10^-decimals as plain digits with a point."""
    if decimals == 0:
        return str(number)
    written = str(abs(number)).rjust(decimals + 1, "0")
    return f"{'-' if number < 0 else ''}{written[:-decimals]}.{written[-decimals:]}"


def _scaled(text: str | int | Decimal, decimals: int) -> int:
    written = format(text, "f") if isinstance(text, Decimal) else str(text)
    if not _TEXT.match(written):
        raise ValueError(f"not a plain decimal number: {written[:40]!r}")
    scaled = Decimal(written).scaleb(decimals)
    if scaled != int(scaled):
        raise ValueError(f"more than {decimals} decimals: {written[:40]!r}")
    return int(scaled)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen; yen where there is none) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        if not -LIMIT_MINOR <= self.minor <= LIMIT_MINOR:
            raise ValueError("an amount may not exceed 10^17 minor units")

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str) -> Money:
        """Read an amount in major units; ``ValueError`` when it is finer than the currency's scale."""
        return cls(_scaled(text, exponent(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in ``currency``."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Return the sum of ``amounts``; zero of ``currency`` when there are none."""
        result = cls.zero(currency)
        for amount in amounts:
            result = result + amount
        return result

    @property
    def digits(self) -> str:
        """The amount in major units as plain digits, at the currency's scale."""
        return _plain_digits(self.minor, exponent(self.currency))

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, at the currency's scale."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def share(self, numerator: int, denominator: int) -> Money:
        """Return this amount times numerator / denominator, rounded half up."""
        return Money(divide_half_up(self.minor * numerator, denominator), self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.digits} {self.currency}"


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price in ten-thousandths (``e4``) of the major unit: finer than money, as suppliers quote it."""

    e4: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        if not -LIMIT_MINOR <= self.e4 <= LIMIT_MINOR:
            raise ValueError("a unit price may not exceed 10^13")

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str) -> Price:
        """Read a unit price with up to four decimals."""
        return cls(_scaled(text, 4), currency)

    @property
    def decimal(self) -> Decimal:
        """The price of one unit in major units."""
        return Decimal(self.e4).scaleb(-4)

    @property
    def digits(self) -> str:
        """The price in major units as plain digits: the currency's decimals, and more where there are more."""
        idle, least = 4, exponent(self.currency)
        number = self.e4
        while idle > least and number % 10 == 0:
            number //= 10
            idle -= 1
        return _plain_digits(number, idle)

    def __str__(self) -> str:
        return f"{self.digits} {self.currency}"
