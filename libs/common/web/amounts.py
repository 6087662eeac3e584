"""Fields for exact numbers: money, unit prices, quantities and percentages, which never pass through a float."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from marshmallow import ValidationError

from libs.common.money import Money, Price, currencies, exponent
from libs.common.quantity import Quantity
from libs.common.web.principal import principal
from libs.common.web.schema import StrictField, refuse

_MAX_MONEY_DIGITS = 15


def _plain_text(value: Any, what: str, example: str) -> str:
    if not isinstance(value, str):
        refuse(f"{what} must be text.", f'Write it in quotes, as in "{example}".')
    return value


def _decimal_pattern(digits: int, decimals: int, *, negative: bool) -> str:
    sign = "-?" if negative else ""
    fraction = rf"(\.[0-9]{{1,{decimals}}})?" if decimals else ""
    return rf"^{sign}(0|[1-9][0-9]{{0,{digits - 1}}}){fraction}$"


def _read_decimal(text: str, digits: int, decimals: int, example: str) -> Decimal:
    """Return plain decimal digits as a Decimal; the form and the size are checked before any conversion."""
    if len(text) > digits + decimals + 2:
        refuse("The number is too long.", f"Write at most {digits} digits and {decimals} decimals.")
    if not re.fullmatch(_decimal_pattern(digits, decimals, negative=True)[1:-1], text, re.ASCII):
        refuse(
            f"Not a plain decimal number with at most {decimals} decimals.",
            f'Write ASCII digits with a point, as in "{example}"; no exponent, spaces, signs or separators.',
        )
    if text.startswith("-") and not text.strip("-0."):
        refuse("Zero has no sign.", 'Write "0".')
    return Decimal(text)


class _Signed(StrictField):
    """Bounds that amounts, prices and quantities share."""

    def __init__(self, *, zero: bool, negative: bool, **options: Any) -> None:
        super().__init__(**options)
        self.zero = zero
        self.negative = negative

    def _check_sign(self, number: Decimal) -> None:
        if number < 0 and not self.negative:
            refuse("May not be negative.", "Send zero or more." if self.zero else "Send more than zero.")
        if number == 0 and not self.zero:
            refuse("May not be zero.", "Send another value." if self.negative else "Send more than zero.")


class MoneyField(_Signed):
    """An amount ``{"amount": "12.34", "currency": "USD"}``, no finer than the currency's minor unit.

    With ``seen_by`` it is shown to these roles only, and null to all others.
    """

    def __init__(
        self,
        *,
        zero: bool = True,
        negative: bool = False,
        seen_by: Collection[str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(zero=zero, negative=negative, **options)
        self._seen_by = seen_by

    def _decimals(self, currency: str) -> int:
        return exponent(currency)

    def _make(self, number: Decimal, currency: str) -> Money | Price:
        return Money.of(number, currency)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Money | Price:
        amount, currency = _amount_and_currency(value)
        if not isinstance(currency, str) or currency not in currencies():
            _refuse_at("currency", "Not a known currency.", 'Send an ISO 4217 code, as in "USD".')
        try:
            number = _read_decimal(
                _plain_text(amount, "An amount", "12.34"),
                _MAX_MONEY_DIGITS,
                self._decimals(currency),
                "12.34",
            )
            self._check_sign(number)
        except ValidationError as error:
            raise ValidationError({"amount": error.messages}) from None
        try:
            return self._make(number, currency)
        except ValueError:
            _refuse_at("amount", "The amount is too large.", "Send less than 10^15 minor units.")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is None or (self._seen_by is not None and not principal().has_any(self._seen_by)):
            return None
        return {"amount": value.digits, "currency": value.currency}

    def openapi(self) -> dict[str, Any]:
        """Describe the object."""
        decimals = 4 if isinstance(self, PriceField) else 3
        return {
            "type": "object",
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "properties": {
                "amount": {
                    "type": "string",
                    "pattern": _decimal_pattern(_MAX_MONEY_DIGITS, decimals, negative=self.negative),
                    "examples": ["12.34"],
                },
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["USD"]},
            },
        }


class PriceField(MoneyField):
    """A unit price, written like an amount but with up to four decimals."""

    def _decimals(self, currency: str) -> int:
        return 4

    def _make(self, number: Decimal, currency: str) -> Money | Price:
        return Price.of(number, currency)


def _amount_and_currency(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, Mapping) or set(value) != {"amount", "currency"}:
        refuse(
            "Must be an object with exactly amount and currency.",
            'Send {"amount": "12.34", "currency": "USD"}.',
        )
    return value["amount"], value["currency"]


def _refuse_at(name: str, message: str, cure: str) -> NoReturn:
    try:
        refuse(message, cure)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


class QuantityField(_Signed):
    """A quantity with up to three decimals, as text or as a whole JSON number; positive unless told otherwise."""

    DIGITS: ClassVar[int] = 12
    DECIMALS: ClassVar[int] = 3

    def __init__(self, *, zero: bool = False, negative: bool = False, **options: Any) -> None:
        super().__init__(zero=zero, negative=negative, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Quantity:
        text = str(value) if type(value) is int and abs(value) < 10**self.DIGITS else value
        number = _read_decimal(_plain_text(text, "A quantity", "12.5"), self.DIGITS, self.DECIMALS, "12.5")
        self._check_sign(number)
        try:
            return Quantity.of(number)
        except ValueError:
            refuse("The quantity is too large.", "Send less than 10^12.")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def openapi(self) -> dict[str, Any]:
        """Describe the text; a whole JSON number is taken too."""
        pattern = _decimal_pattern(self.DIGITS, self.DECIMALS, negative=self.negative)
        return {"type": ["string", "integer"], "pattern": pattern, "examples": ["12.5"]}


class PercentField(StrictField):
    """A percentage from 0 to 100 with up to two ``decimals``, or more if so told, as text; read as ``Decimal``."""

    def __init__(self, *, decimals: int = 2, **options: Any) -> None:
        super().__init__(**options)
        self.decimals = decimals

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        number = _read_decimal(_plain_text(value, "A percentage", "12.5"), 3, self.decimals, "12.5")
        if not 0 <= number <= 100:
            refuse("Must lie between 0 and 100.", 'Send a percentage, as in "12.5" for 12.5 %.')
        return number

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{Decimal(value):f}"

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        return {
            "type": "string",
            "pattern": rf"^(100(\.0{{1,{self.decimals}}})?|[1-9]?[0-9](\.[0-9]{{1,{self.decimals}}})?)$",
            "examples": ["12.5"],
        }


class NumberField(StrictField):
    """A number of any sign with up to 12 digits and 6 decimals, as text; read as ``Decimal``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        return _read_decimal(_plain_text(value, "A number", "12.5"), 12, 6, "12.5")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{Decimal(value):f}"

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "pattern": _decimal_pattern(12, 6, negative=True), "examples": ["12.5"]}
