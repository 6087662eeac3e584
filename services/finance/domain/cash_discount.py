"""Cash discount: who pays early may pay a little less, and the tax goes down with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.money import Money
from services.finance.domain.ledger import Entry, Posting
from services.finance.domain.roles import CASH_DISCOUNT, OUTPUT_TAX, RECEIVABLES
from services.finance.domain.taxes import LineTax, Taxed, TaxTotal

DiscountKind = Literal["granted", "reversed"]


@dataclass(frozen=True)
class DiscountPart(Taxed):
    """What of a cash discount is of one code and rate of tax: without tax, and the tax that it corrects."""

    amount: Money
    tax: LineTax | None = None


@dataclass(frozen=True)
class CashDiscount:
    """A cash discount that settled what was open of an invoice, or a part of it that is owed again."""

    discount_id: str
    kind: DiscountKind
    number: str
    invoice_id: str
    customer_id: str
    amount: Money
    posted_on: date
    parts: tuple[DiscountPart, ...]
    payment_id: str | None = None

    @property
    def tax(self) -> Money:
        """What the tax goes down by."""
        return Money.total((part.tax_amount for part in self.parts), self.amount.currency)


@dataclass(frozen=True)
class Offer:
    """What an invoice lets off to whoever pays all of it until a day."""

    amount: Money
    until: date

    def on(self, day: date) -> Money:
        """Return what may be left out of a payment that came in on ``day``."""
        return self.amount if day <= self.until else Money.zero(self.amount.currency)


def left_out(open_: Money, paid: Money, allowed: Money) -> Money:
    """Return what a payment may leave out: all that is missing if that is no more than allowed, else nothing."""
    missing = open_ - paid
    return missing if Money.zero(open_.currency) < missing <= allowed else Money.zero(open_.currency)


def parts_of(amount: Money, total: Money, taxes: Iterable[TaxTotal]) -> tuple[DiscountPart, ...]:
    """Divide a discount by the codes and rates of its invoice, each by what it is of the ``total``, with tax."""
    return tuple(_parts(amount, total, [each for each in taxes if each.net + each.tax]))


def _parts(amount: Money, total: Money, taxes: list[TaxTotal]) -> Iterator[DiscountPart]:
    reached = given = Money.zero(amount.currency)
    for each in taxes:
        gross = each.net + each.tax
        reached = reached + gross
        part = amount.share(reached.minor, total.minor) - given
        given = given + part
        tax = each.tax.share(part.minor, gross.minor)
        if part:
            yield DiscountPart(part - tax, LineTax(each.code, each.ppm, tax))
    if amount - given:
        yield DiscountPart(amount - given)


def reversed_parts(
    parts: Iterable[DiscountPart], before: tuple[int, int], after: tuple[int, int]
) -> tuple[DiscountPart, ...]:
    """Return what of a discount is owed again as the share of the invoice that is credited grows.

    ``before`` and ``after`` are shares as (part, whole). By running sums, so that with the last of the invoice the
    last of the discount is gone.
    """
    found = (
        DiscountPart(
            part.amount.share(*after) - part.amount.share(*before),
            part.tax
            and replace(part.tax, amount=part.tax.amount.share(*after) - part.tax.amount.share(*before)),
        )
        for part in parts
    )
    return tuple(part for part in found if part.gross)


def discount_entry(discount: CashDiscount) -> Entry:
    """Return the entry of a discount: a cost and less tax instead of a claim; reversed, the other way round."""
    nothing = Money.zero(discount.amount.currency)
    cost = discount.amount - discount.tax
    lost = [(CASH_DISCOUNT, cost, None, None)] if cost else []
    taxes = [
        (OUTPUT_TAX, part.tax.amount, part.tax.code, part.tax.ppm)
        for part in discount.parts
        if part.tax and part.tax.amount
    ]
    granted = discount.kind == "granted"
    postings = [
        Posting(account, *((amount, nothing) if granted else (nothing, amount)), code, ppm)
        for account, amount, code, ppm in (*lost, *taxes)
    ]
    claim = Posting(RECEIVABLES, *((nothing, discount.amount) if granted else (discount.amount, nothing)))
    kind: Literal["discount", "discount_back"] = "discount" if granted else "discount_back"
    return Entry(
        kind,
        discount.discount_id,
        discount.number,
        discount.customer_id,
        discount.posted_on,
        (*postings, claim),
    )
