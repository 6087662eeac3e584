"""What a field says: read from what a caller gives, stored as one plain text, and shown and compared as its type says.

The stored text of a value is unique, so that equal values are equal texts: a number has all its decimals, an amount
its currency, a choice its key. Nothing in it is ever evaluated: a text that looks like a formula is a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.forms.definition import FINEST, Field, Type
from libs.common.money import LIMIT_MINOR, Money, currencies

Values = Mapping[str, str]
"""What a document says, by the keys of its fields; in the form that is stored and told."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SHORT = 64
MONEY = 'Send {"amount": "12.34", "currency": "CNY"}.'


class Misfit(ValueError):
    """A value does not fit; ``cure`` says what would."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def read(field: Field, given: Any) -> str:
    """Return what a caller gives for the field as it is stored; ``Misfit`` when it does not fit."""
    return _READERS[field.type](field, given)


def _text(field: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise Misfit("must be text", "Send a JSON string.")
    if len(given) > field.longest:
        raise Misfit(f"is longer than {field.longest} characters", "Shorten it.")
    if _UNSAFE.search(given):
        raise Misfit("contains control characters or line breaks", "Send printable text only.")
    if not given or given != given.strip():
        raise Misfit("is empty, or begins or ends with a space", "Trim it, or send null to clear it.")
    return given


def _number(field: Field, given: Any) -> str:
    example = f"{Decimal('12.345678'):.{field.scale}f}"
    if not isinstance(given, str) or not _NUMBER.fullmatch(given):
        raise Misfit(
            "is not a plain decimal number in quotes", f'Write it as "{example}", of 12 digits at most.'
        )
    fraction = given.partition(".")[2]
    if len(fraction) > field.scale:
        raise Misfit(f"has more than {field.scale} decimals", f'Round it, as in "{example}".')
    number = Decimal(given)
    return f"{number or abs(number):.{field.scale}f}"


def _money(_field: Field, given: Any) -> str:
    amount, currency = (
        (given.get("amount"), given.get("currency")) if isinstance(given, dict) else (None, None)
    )
    if not isinstance(given, dict) or len(given) != 2 or not isinstance(amount, str):
        raise Misfit("is not an amount with its currency", MONEY)
    if not isinstance(currency, str) or currency not in currencies():
        raise Misfit("is in no known currency", MONEY)
    if not _NUMBER.fullmatch(amount):
        raise Misfit("has no plain decimal amount in quotes", MONEY)
    try:
        return str(Money.of(amount, currency))
    except ValueError:
        raise Misfit(f"is finer than {currency} or too large to be booked", "Round it.") from None


def _date(_field: Field, given: Any) -> str:
    wrong = Misfit("is no day", 'Write it as "2026-03-31", between 1900 and 2199.')
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise wrong
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise wrong from None
    if not 1900 <= day.year < 2200:
        raise wrong
    return given


def _flag(_field: Field, given: Any) -> str:
    if not isinstance(given, bool):
        raise Misfit("must be true or false", "Send true or false without quotes.")
    return "true" if given else "false"


def _choice(field: Field, given: Any) -> str:
    open_ = [option.key for option in field.options if not option.retired]
    if not isinstance(given, str) or given not in open_:
        raise Misfit("is none of the choices", f"Choose one of: {', '.join(open_[:50])}.")
    return given


_READERS: Mapping[Type, Callable[[Field, Any], str]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "flag": _flag,
    "choice": _choice,
}


def amount_of(stored: str) -> Money:
    """Return the amount in a stored text."""
    amount, _, currency = stored.partition(" ")
    return Money.of(amount, currency)


def shown(of: Type, stored: str) -> Any:
    """Return a stored value as JSON shows it: as it was given."""
    if of == "money":
        amount, _, currency = stored.partition(" ")
        return {"amount": amount, "currency": currency}
    return stored == "true" if of == "flag" else stored


def fact(of: Type, stored: str) -> Any:
    """Return a stored value as rules compare it."""
    if of == "number":
        return Decimal(stored)
    if of == "money":
        return amount_of(stored)
    if of == "date":
        return date.fromisoformat(stored)
    return stored == "true" if of == "flag" else stored


def word(stored: str) -> str:
    """Return a short text that stands for a value in an index: itself, or for a long one its digest."""
    if len(stored) <= _SHORT:
        return stored
    return f"sha256:{hashlib.sha256(stored.encode()).hexdigest()[:48]}"


def ordinal(of: Type, stored: str) -> int | None:
    """Return where a number, an amount or a day stands among others; nothing for what has no order."""
    if of == "number":
        return int(Decimal(stored).scaleb(FINEST))
    if of == "money":
        return amount_of(stored).minor
    return date.fromisoformat(stored).toordinal() if of == "date" else None


assert LIMIT_MINOR < 2**63, "an amount fits into the index"
