"""Which invoices a payment is meant for: what its reference and its amount say, else the oldest due first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Literal

from libs.common.money import Money

Rule = Literal["reference", "exact_amount", "cash_discount", "exact_sum", "oldest_first"]
Confidence = Literal["high", "medium", "low"]
_WORD = re.compile(r"[0-9A-Z]+")
_PADDED = 5
_PAIRED = 60
"""Invoices of which two are tried together: 1,770 pairs."""


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice of the payer that is not fully paid; ``discount`` is what this payment may leave out of it."""

    invoice_id: str
    number: str
    due_on: date
    open: Money
    discount: Money | None = None

    @property
    def least(self) -> Money:
        """What settles it."""
        return self.open if self.discount is None else self.open - self.discount


@dataclass(frozen=True)
class Share:
    """The part of the payment that would pay an invoice."""

    invoice: OpenInvoice
    amount: Money

    @property
    def discount(self) -> Money | None:
        """What it would leave out as a cash discount, so that the invoice is settled."""
        left_out = self.invoice.open - self.amount
        return left_out if left_out and self.amount >= self.invoice.least else None


@dataclass(frozen=True)
class Suggestion:
    """What the payment could pay, by which rule, and what would then be left of it."""

    rule: Rule
    confidence: Confidence
    shares: tuple[Share, ...]
    rest: Money


def suggest(reference: str, left: Money, invoices: Iterable[OpenInvoice]) -> list[Suggestion]:
    """Return what ``left`` of a payment may be meant for, the likeliest first, each set of shares once.

    ``invoices`` are the payer's; those that are paid or of another currency are left out. Where nothing is left or
    open, nothing is suggested.
    """
    in_order = sorted(
        (each for each in invoices if each.open.currency == left.currency and each.open),
        key=lambda each: (each.due_on, each.number),
    )
    if not left or not in_order:
        return []
    found = [
        *_by_reference(reference, left, in_order),
        *_by_amount(left, in_order),
        *_by_discount(left, in_order),
        *_by_sum(left, in_order),
        _suggestion("oldest_first", "low", left, in_order),
    ]
    rank = {"high": 0, "medium": 1, "low": 2}
    unlike = {each.shares: each for each in reversed(found)}
    return sorted(unlike.values(), key=lambda each: (rank[each.confidence], found.index(each)))


def _by_reference(reference: str, left: Money, invoices: Sequence[OpenInvoice]) -> list[Suggestion]:
    """Suggest the invoices that the reference names; sure unless the money is too little for them."""
    words = _WORD.findall(reference.upper())
    said = {*words, *(first + second for first, second in pairwise(words))}
    named = [each for each in invoices if said & _spellings(each.number)]
    if not named:
        return []
    total = Money.total((each.least for each in named), left.currency)
    return [_suggestion("reference", "medium" if left < total else "high", left, named)]


def _spellings(number: str) -> set[str]:
    """Return how people write INV-000123: without the dash, without the zeros, or the padded digits alone."""
    *before, last = _WORD.findall(number.upper())
    prefix = "".join(before)
    alone = {last} if len(last) >= _PADDED else set()
    return {prefix + last, prefix + last.lstrip("0"), *alone} if prefix else {last}


def _by_amount(left: Money, invoices: Sequence[OpenInvoice]) -> list[Suggestion]:
    """Suggest the invoice of exactly this amount; with several of them it is a guess which."""
    same = [each for each in invoices if each.open == left]
    return (
        [_suggestion("exact_amount", "high" if len(same) == 1 else "medium", left, same[:1])] if same else []
    )


def _by_discount(left: Money, invoices: Sequence[OpenInvoice]) -> list[Suggestion]:
    """Suggest the invoice that this amount settles with its cash discount; surely if it is all of the discount."""
    found = [each for each in invoices if each.least <= left < each.open]
    if not found:
        return []
    sure = len(found) == 1 and found[0].least == left
    return [_suggestion("cash_discount", "high" if sure else "medium", left, found[:1])]


def _by_sum(left: Money, invoices: Sequence[OpenInvoice]) -> list[Suggestion]:
    """Suggest the oldest that together are exactly this amount, or else the one pair that is."""
    run = Money.zero(left.currency)
    for count, each in enumerate(invoices, 1):
        run = run + each.open
        if run == left and count > 1:
            return [_suggestion("exact_sum", "medium", left, invoices[:count])]
    pairs = [pair for pair in combinations(invoices[:_PAIRED], 2) if pair[0].open + pair[1].open == left]
    return [_suggestion("exact_sum", "medium", left, pairs[0])] if len(pairs) == 1 else []


def _suggestion(
    rule: Rule, confidence: Confidence, left: Money, invoices: Sequence[OpenInvoice]
) -> Suggestion:
    shares, rest = [], left
    whole, least = (
        Money.total((getattr(each, name) for each in invoices), left.currency) for name in ("open", "least")
    )
    # Money for all of them but for what may be left out: each gets what settles it, and what is more in their order.
    more = left - least if least <= left < whole else None
    for each in invoices:
        if not rest:
            break
        amount = min(each.open, rest)
        if more is not None:
            amount = min(each.open, each.least + more)
            more = more - (amount - each.least)
        shares.append(Share(each, amount))
        rest = rest - amount
    return Suggestion(rule, confidence, tuple(shares), rest)
