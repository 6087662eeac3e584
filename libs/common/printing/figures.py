"""Amounts, quantities and days as a reader writes them; both languages group by thousands and point with a dot."""

from __future__ import annotations

from datetime import date

from libs.common.money import Money
from libs.common.quantity import Quantity

CHINESE = "zh-CN"

_SIGNS = {CHINESE: {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(digits: str) -> str:
    """Group plain decimal ``digits`` by thousands: ``-1234567.50`` is ``-1,234,567.50``."""
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"


def amount(money: Money, language: str = "en", *, currency: bool = True) -> str:
    """Return money with all digits of its currency: ``CNY 1,234.50``, in Chinese ``¥1,234.50``."""
    figure = number(money.digits)
    if not currency:
        return figure
    sign = _SIGNS.get(language, {}).get(money.currency)
    if sign is None:
        return f"{money.currency} {figure}"
    return f"-{sign}{figure[1:]}" if figure.startswith("-") else f"{sign}{figure}"


def quantity(pieces: Quantity) -> str:
    """Return a quantity without zeros at its end: ``1,250`` or ``0.5``."""
    return number(str(pieces))


def day(when: date, language: str = "en") -> str:
    """Return a day as a letter says it: ``26 Nov 2026``, in Chinese ``2026年11月26日``."""
    if language == CHINESE:
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
