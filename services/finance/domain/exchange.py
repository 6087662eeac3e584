"""Exchange rates, and what an amount of another currency is worth in the books: exact, rounded half up once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from libs.common.errors import Invalid, Refused
from libs.common.money import Money, divide_half_up, exponent

RATE_DECIMALS = 10
LARGEST_E10 = 10**18


class NoExchangeRate(Refused):
    """An amount is to be booked in a currency that has no rate to the company's on or before the day."""

    code = "no_exchange_rate"
    usual_cure = "record the rate of that day, or of an earlier one, with POST /api/v1/exchange-rates"


class ExchangeRateInvalid(Invalid):
    """A rate is not more than zero, too fine, too large, or between a currency and itself."""

    code = "exchange_rate_invalid"


class TooMuchToConvert(Refused):
    """An amount is more in the company's currency than can be booked."""

    code = "too_much_to_convert"
    usual_cure = "look whether the exchange rate is right, and divide the document if it is"


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency costs in another from ``day`` on, in 10^-10; of one day the later version counts."""

    from_currency: str
    to_currency: str
    day: date
    version: int
    e10: int
    source: str

    @property
    def rate(self) -> str:
        """The rate as plain digits without idle zeros."""
        whole, rest = divmod(self.e10, 10**RATE_DECIMALS)
        return f"{whole}.{rest:0{RATE_DECIMALS}d}".rstrip("0").rstrip(".")

    def convert(self, amount: Money) -> Money:
        """Return ``amount``, which is in ``from_currency``, in the other one; refuse what cannot be booked there."""
        up = 10 ** exponent(self.to_currency)
        down = 10 ** (exponent(self.from_currency) + RATE_DECIMALS)
        try:
            return Money(divide_half_up(amount.minor * self.e10 * up, down), self.to_currency)
        except ValueError:
            raise TooMuchToConvert(f"{amount} at {self.rate} {self.to_currency}") from None


def rate_e10(rate: Decimal) -> int:
    """Return a rate in 10^-10; refuse one that is not more than zero, finer than that or too large."""
    if not rate.is_finite() or rate <= 0:
        raise ExchangeRateInvalid(
            "a rate is more than zero", field="rate", cure="give what one unit of from costs in to"
        )
    scaled = rate.scaleb(RATE_DECIMALS)
    if scaled != int(scaled) or scaled > LARGEST_E10:
        raise ExchangeRateInvalid(
            f"a rate has at most {RATE_DECIMALS} decimals and is at most {LARGEST_E10 // 10**RATE_DECIMALS}",
            field="rate",
            cure="round it to ten decimals",
        )
    return int(scaled)


def require_pair(from_currency: str, to_currency: str) -> None:
    """Refuse a rate between a currency and itself."""
    if from_currency == to_currency:
        raise ExchangeRateInvalid(
            f"{from_currency} to itself is always 1", field="to", cure="name two different currencies"
        )


def no_rate(currency: str, company_currency: str, day: date) -> NoExchangeRate:
    """Return the refusal that names what is missing."""
    return NoExchangeRate(
        f"there is no rate from {currency} to {company_currency} on or before {day.isoformat()}",
        currency=currency,
        company_currency=company_currency,
        day=day,
    )


@dataclass(frozen=True, slots=True)
class Carried:
    """A claim of another currency and what it is carried at in the books: at the rate of its document's day.

    ``company`` is ``None`` for a document of before its currency had a rate: it is in no books of the company's.
    """

    whole: Money
    company: Money | None

    def of(self, left: Money) -> Money | None:
        """Return what ``left`` of the claim is carried at."""
        if self.company is None:
            return None
        return self.company.share(left.minor, self.whole.minor) if self.whole else self.company

    def part(self, left: Money, taken: Money) -> Money | None:
        """Return what goes out of the books when ``taken`` goes off ``left``; with the last of it nothing stays."""
        before, after = self.of(left), self.of(left - taken)
        return None if before is None or after is None else before - after


@dataclass(frozen=True, slots=True)
class Position:
    """A running amount of another currency, of either sign, and what it is carried at in the company's books.

    Both in minor units. What takes it further from nothing is valued at the rate of its day; what takes it back goes
    out at its share of what is carried, so that nothing is carried of nothing.
    """

    open: int
    carried: int

    def change(self, amount: int, at_rate: Callable[[int], int]) -> int:
        """Return by how much a signed ``amount`` changes what is carried."""
        if not amount or self.open * amount >= 0:
            return at_rate(amount)
        met = min(abs(amount), abs(self.open))
        out = divide_half_up(abs(self.carried) * met, abs(self.open))
        rest = abs(amount) - met
        beyond = at_rate(rest if amount > 0 else -rest) if rest else 0
        return beyond - (out if self.carried > 0 else -out)
