"""Whose money a line of the bank's statement is, and what it may be meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.finance.domain.matching import Confidence, Suggestion

Trace = Literal["reference", "account", "name"]
MOST_WORDS = 100
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.-]*")
_OURS = re.compile(r"INV[ #:.-]{0,3}0*([1-9][0-9]{0,9})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Payer:
    """A customer who may have paid: found by an invoice that the text names, by the account, or by the name."""

    customer_id: str
    number: str
    name: str
    by: Trace
    confidence: Confidence


@dataclass(frozen=True)
class Guess:
    """A payer, and what the money may be meant for, the likeliest first."""

    payer: Payer
    suggestions: tuple[Suggestion, ...]

    @property
    def is_certain(self) -> bool:
        """Whether payer and purpose are sure and nothing would be left: such a line can be booked unseen."""
        if self.payer.confidence != "high" or not self.suggestions:
            return False
        best = self.suggestions[0]
        return best.confidence == "high" and not best.rest


def named_invoices(text: str) -> list[str]:
    """Return the invoice numbers that ``text`` may name: ours however they are spelled, others as they stand there."""
    ours = [f"INV-{int(match[1]):06d}" for match in _OURS.finditer(text)]
    words = [word.rstrip(".-/") for word in _WORD.findall(text) if any(letter.isdigit() for letter in word)]
    return list(dict.fromkeys([*ours, *words]))[:MOST_WORDS]


def rank(named: Iterable[Payer], by_account: Iterable[Payer], by_name: Iterable[Payer]) -> list[Payer]:
    """Return each payer once by the best trace of it. A trace that leads to several is no more than likely.

    A name is what the payer's bank writes, and a customer's is what ours wrote: it never makes sure.
    """
    traces = [
        *_weighed(list(named), "high"),
        *_weighed(list(by_account), "high"),
        *_weighed(list(by_name), "medium"),
    ]
    once: dict[str, Payer] = {}
    for payer in traces:
        once.setdefault(payer.customer_id, payer)
    sure = {payer.customer_id for payer in once.values() if payer.confidence == "high"}
    if len(sure) > 1:  # the text names one customer's invoice and the account is another's
        once = {key: _doubted(payer) for key, payer in once.items()}
    return sorted(once.values(), key=lambda payer: ("high", "medium", "low").index(payer.confidence))


def _weighed(payers: list[Payer], alone: Confidence) -> list[Payer]:
    several: Confidence = "medium" if alone == "high" else "low"
    confidence = alone if len({payer.customer_id for payer in payers}) == 1 else several
    return [Payer(each.customer_id, each.number, each.name, each.by, confidence) for each in payers]


def _doubted(payer: Payer) -> Payer:
    if payer.confidence != "high":
        return payer
    return Payer(payer.customer_id, payer.number, payer.name, payer.by, "medium")
