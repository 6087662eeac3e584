"""What a line costs, exactly and as booked: whole numbers from the first digit to the last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from libs.common.money import Money, Price, divide_half_up, exponent
from libs.common.quantity import Quantity

FULL_BP = 10_000
EXACT_DECIMALS = 11
"""A unit price has 4 decimals, a quantity 3, and what a discount leaves 4: their product needs 11, never more."""


@dataclass(frozen=True, slots=True)
class LineAmount:
    """The amount of a line as it is booked, and the exact one in units of 10^-11 of the major unit."""

    amount: Money
    exact_e11: int

    @property
    def rounding_e11(self) -> int:
        """What rounding added (negative: took away), in units of 10^-11 of the major unit."""
        return in_e11(self.amount) - self.exact_e11

    @property
    def was_rounded(self) -> bool:
        """Whether the exact amount is finer than the currency."""
        return self.rounding_e11 != 0

    def less(self, off: Money) -> LineAmount:
        """Return the amount with ``off`` taken away, which is rounded already and so adds no rounding."""
        return LineAmount(self.amount - off, self.exact_e11 - in_e11(off))


def line_amount(price: Price, quantity: Quantity, discount_bp: int) -> LineAmount:
    """Return price x quantity x (1 - discount), rounded half up to the currency's scale once, at the end.

    ``discount_bp`` is in hundredths of a percent, 0 to 10,000. ``ValueError`` when the amount cannot be booked.
    """
    if not 0 <= discount_bp <= FULL_BP:
        raise ValueError(f"a discount of {discount_bp} hundredths of a percent")
    exact = price.e4 * quantity.milli * (FULL_BP - discount_bp)
    step: int = 10 ** (EXACT_DECIMALS - exponent(price.currency))
    return LineAmount(Money(divide_half_up(exact, step), price.currency), exact)


def in_e11(amount: Money) -> int:
    """Return ``amount`` in units of 10^-11 of the major unit."""
    step: int = 10 ** (EXACT_DECIMALS - exponent(amount.currency))
    return amount.minor * step


def exact_decimal(value_e11: int) -> Decimal:
    """Return units of 10^-11 as a decimal of major units, whatever its length."""
    return Decimal(f"{value_e11}E-{EXACT_DECIMALS}")


def exact_text(value_e11: int, currency: str) -> str:
    """Return units of 10^-11 as plain digits, with the currency's decimals at least and no idle zeros after."""
    sign = "-" if value_e11 < 0 else ""
    whole, rest = divmod(abs(value_e11), 10**EXACT_DECIMALS)
    least = exponent(currency)
    digits = f"{rest:0{EXACT_DECIMALS}d}"
    decimals = digits[:least] + digits[least:].rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def percent(bp: int) -> Decimal:
    """Return hundredths of a percent as a percentage with two decimals."""
    return Decimal(f"{bp}E-2")


def basis_points(percentage: Decimal) -> int:
    """Return a percentage as hundredths of a percent; ``ValueError`` when it is finer than that."""
    bp = percentage * 100
    if bp != int(bp):
        raise ValueError("a percentage has at most two decimals")
    return int(bp)
