"""Reading one cell: each reader takes the text and returns the value, or says what is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.money import Price, currencies
from libs.common.quantity import Quantity

ReadCell = Callable[[str], Any]
_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?\Z", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}\Z", re.ASCII)
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_HIGHEST_PERCENT = 100


def words(most: int) -> ReadCell:
    """Return a reader of a text of up to ``most`` characters without control characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"has {len(text)} characters; at most {most} fit")
        if _FORBIDDEN.search(text):
            raise ValueError("holds a control character; remove it")
        return text

    return read


def choice(*values: str) -> ReadCell:
    """Return a reader of one of ``values``."""

    def read(text: str) -> str:
        if text not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return text

    return read


def day(text: str) -> date:
    """Read a date written as YYYY-MM-DD."""
    try:
        if len(text) != len("2026-03-02"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date such as 2026-03-02") from None


def yes_no(text: str) -> bool:
    """Read ``yes`` or ``no``."""
    if text not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return text == "yes"


def currency(text: str) -> str:
    """Read an ISO 4217 code."""
    if text not in currencies():
        raise ValueError("must be an ISO 4217 code such as USD or CNY")
    return text


def quantity(text: str) -> Quantity:
    """Read a quantity above zero."""
    try:
        value = Quantity.of(text)
    except ValueError:
        raise ValueError("must be a number such as 12 or 1.5, with up to 3 decimals") from None
    if value.milli <= 0:
        raise ValueError("must be above zero")
    return value


def whole(most: int, *, least: int = 0) -> ReadCell:
    """Return a reader of a whole number from ``least`` to ``most``."""

    def read(text: str) -> int:
        if not _WHOLE.match(text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def amount(text: str) -> Decimal:
    """Read an amount of zero or more in major units; its currency's scale is checked with the row."""
    if not _PLAIN.match(text) or text.startswith("-"):
        raise ValueError("must be an amount such as 12.50, zero or more")
    return Decimal(text)


def unit_cost(text: str) -> Price:
    """Read what a unit costs together with its currency, as in ``9.50 USD``; zero or more, up to four decimals."""
    digits, _, code = text.partition(" ")
    try:
        return Price.of(amount(digits), currency(code))
    except ValueError:
        raise ValueError("must be a cost with its currency such as 9.50 USD, with up to 4 decimals") from None


def percent(text: str) -> Decimal:
    """Read a percentage from 0 to 100 with up to two decimals."""
    if (
        not _PLAIN.match(text)
        or not 0 <= Decimal(text) <= _HIGHEST_PERCENT
        or Decimal(text) != round(Decimal(text), 2)
    ):
        raise ValueError("must be from 0 to 100 with up to 2 decimals")
    return Decimal(text)
