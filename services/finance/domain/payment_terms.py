"""When an invoice is to be paid: in one sum or in instalments, so many days after it or after the end of its month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Invalid, NotFound
from libs.common.money import Money

WHOLE_BP = 10_000
MOST_PARTS = 24
MOST_DAYS = 3650
MOST_DISCOUNT_BP = 2_000


class PaymentTermsInvalid(Invalid):
    """The parts of payment terms are not the whole, or do not follow on each other."""

    code = "payment_terms_invalid"


class PaymentTermsNotFound(NotFound):
    """There are no payment terms of this name."""

    code = "payment_terms_not_found"
    usual_cure = "choose a name from GET /api/v1/payment-terms"


@dataclass(frozen=True)
class TermsPart:
    """A share of the invoice (in hundredths of a percent), due ``days`` after it, or after the end of its month."""

    share_bp: int
    days: int
    end_of_month: bool = False

    def due_on(self, since: date) -> date:
        """Return the day by which the part of an invoice of ``since`` is to be paid."""
        if self.end_of_month:
            since = since.replace(day=calendar.monthrange(since.year, since.month)[1])
        return since + timedelta(days=self.days)


@dataclass(frozen=True)
class PaymentTerms:
    """Terms of a name; each change is a version, and an invoice keeps the days that it was posted with.

    Whoever pays all of an invoice within ``discount_days`` of it may leave ``discount_bp`` (hundredths of a percent)
    of it out; both are 0 where nothing is let off.
    """

    name: str
    version: int
    parts: tuple[TermsPart, ...]
    active: bool = True
    discount_bp: int = 0
    discount_days: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.parts) <= MOST_PARTS:
            raise PaymentTermsInvalid(
                f"terms have 1 to {MOST_PARTS} parts", field="parts", cure="give at least one part"
            )
        for place, part in enumerate(self.parts):
            if part.share_bp <= 0:
                raise PaymentTermsInvalid(
                    "a part is more than nothing", field=f"parts.{place}.share_bp", cure="give more than 0"
                )
        missing = WHOLE_BP - sum(part.share_bp for part in self.parts)
        if missing:
            raise PaymentTermsInvalid(
                f"the parts are {WHOLE_BP - missing} hundredths of a percent together",
                field=f"parts.{len(self.parts) - 1}.share_bp",
                cure=f"give shares that are {WHOLE_BP} together",
            )
        self._check_discount()

    def _check_discount(self) -> None:
        if self.discount_days and not self.discount_bp:
            raise PaymentTermsInvalid(
                "days without a discount say nothing",
                field="discount_days",
                cure="give 0, or say how much may be left out",
            )
        if self.discount_bp and len(self.parts) > 1:
            raise PaymentTermsInvalid(
                "what is paid in parts has no cash discount", field="discount_bp", cure="give 0, or one part"
            )

    def offer(self, total: Money, since: date) -> tuple[Money | None, date | None]:
        """Return what an invoice of ``total`` lets off to whoever pays early, and until when; nothing, never."""
        off = Money(total.minor * self.discount_bp // WHOLE_BP, total.currency)
        return (off, since + timedelta(days=self.discount_days)) if off else (None, None)


@dataclass(frozen=True)
class Instalment:
    """A part of an invoice with its own due day. ``later`` is what falls due after it.

    What is paid of an invoice pays what falls due first: so what is open of a part follows from what is open of all.
    """

    number: int
    due_on: date
    amount: Money
    later: Money

    def open_of(self, open_: Money) -> Money:
        """Return what is open of this part when ``open_`` is of the whole invoice."""
        nothing = Money.zero(open_.currency)
        return min(max(open_ - self.later, nothing), self.amount)


def instalments(terms: PaymentTerms, total: Money, since: date, not_before: date) -> tuple[Instalment, ...]:
    """Return the parts of an invoice of ``total``, what is due first first; they sum up to it to the cent.

    Parts of one day are one; none is due before ``not_before``, the day on which the invoice is posted. A part of
    nothing, because the invoice is small, is left out.
    """
    sums: dict[date, int] = {}
    before = share = 0
    for part in sorted(terms.parts, key=lambda part: part.due_on(since)):
        share += part.share_bp
        upto = total.minor * share // WHOLE_BP
        day = max(part.due_on(since), not_before)
        sums[day] = sums.get(day, 0) + upto - before
        before = upto
    days = [(day, minor) for day, minor in sorted(sums.items()) if minor] or [(max(sums), total.minor)]
    return tuple(_numbered(days, total.currency))


def _numbered(days: Sequence[tuple[date, int]], currency: str) -> list[Instalment]:
    later = sum(minor for _, minor in days)
    found = []
    for number, (day, minor) in enumerate(days, 1):
        later -= minor
        found.append(Instalment(number, day, Money(minor, currency), Money(later, currency)))
    return found
