"""Strict fields: each takes exactly one way of writing a value and refuses every other.

None converts before it has checked length and form, none rounds, none trims; money, prices, quantities and
percentages never pass through a float. Each describes itself in OpenAPI as what it accepts.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from marshmallow.fields import Dict as _Dict
from marshmallow.fields import Field, Nested, String
from marshmallow.fields import List as _List

from libs.common.ids import is_id
from libs.common.money import currencies
from libs.common.web.amounts import MoneyField, NumberField, PercentField, PriceField, QuantityField
from libs.common.web.schema import QueryText, StrictField, refuse

__all__ = [
    "Choice",
    "CountField",
    "CurrencyField",
    "DateField",
    "Field",
    "Flag",
    "IdField",
    "ListOf",
    "MoneyField",
    "Nested",
    "NumberField",
    "PercentField",
    "PriceField",
    "QuantityField",
    "StrictField",
    "Text",
    "TextMap",
    "UtcField",
]

UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})\Z",
    re.ASCII,
)
_YEARS = range(1900, 2200)
_COUNT_LIMIT = 2**31 - 1


class IdField(StrictField):
    """A UUID in lower-case canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) != 36 or not is_id(value):
            refuse("Not an id.", "Send the id as Meridian returned it: a UUID in lower case with its dashes.")
        return str(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
        return {"type": "string", "format": "uuid", "pattern": pattern}


class Text(StrictField):
    """Text of ``least`` to ``max`` characters without control characters or surrounding spaces.

    ``multiline`` allows line breaks and tabs; ``pattern`` is a regular expression that the whole must match. With
    ``as_a_file`` the text is a file's, which may begin and end with spaces and line breaks.
    """

    def __init__(
        self,
        max: int,  # noqa: A002 -- the word that schemas read best with
        *,
        least: int = 1,
        multiline: bool = False,
        pattern: str | None = None,
        as_a_file: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.longest = max
        self.least = least
        self.multiline = multiline or as_a_file
        self.as_a_file = as_a_file
        self.pattern = pattern

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            refuse("Must be text.", "Send a JSON string.")
        if len(value) > self.longest:
            refuse(f"Longer than {self.longest} characters.", "Shorten it.")
        if UNSAFE.search(value) or (not self.multiline and LINE_BREAKS.search(value)):
            refuse("Contains control characters or line breaks.", "Send printable text only.")
        if value != value.strip() and not self.as_a_file:
            refuse("Begins or ends with a space.", "Remove it.")
        if len(value) < self.least:
            refuse(
                "May not be empty." if self.least == 1 else f"Shorter than {self.least} characters.",
                "Fill it in.",
            )
        if self.pattern is not None and not re.fullmatch(self.pattern, value, re.ASCII):
            refuse("Not in the expected form.", f"It must match {self.pattern}")
        return str(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        found: dict[str, Any] = {"type": "string", "minLength": self.least, "maxLength": self.longest}
        if self.pattern is not None:
            found["pattern"] = f"^(?:{self.pattern})$"
        return found


class CurrencyField(Text):
    """The code of a currency that Meridian knows, such as CNY."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=3, pattern="[A-Z]{3}", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = str(super()._deserialize(value, attr, data, **kwargs))
        if code not in currencies():
            refuse("Not a known currency.", "Give its ISO 4217 code in capital letters, such as CNY or USD.")
        return code


class Choice(StrictField):
    """One of a few words."""

    def __init__(self, *values: str, **options: Any) -> None:
        super().__init__(**options)
        self.values = values

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.values:
            refuse("Not one of the choices.", f"Send one of: {', '.join(self.values)}.")
        return str(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def openapi(self) -> dict[str, Any]:
        """List the words."""
        return {"type": "string", "enum": list(self.values)}


class CountField(StrictField):
    """A whole number from ``least`` to ``most``: a JSON integer, or plain digits in a query string."""

    def __init__(self, *, least: int = 0, most: int = _COUNT_LIMIT, **options: Any) -> None:
        super().__init__(**options)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, QueryText) and _INTEGER.match(value) and value != "-0":
            value = int(value)
        if type(value) is not int:
            refuse("Must be a whole number.", "Send digits without quotes, point or exponent.")
        if not self.least <= value <= self.most:
            refuse(f"Must lie between {self.least} and {self.most}.", "Send a number within these bounds.")
        return int(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | None:
        return None if value is None else int(value)

    def openapi(self) -> dict[str, Any]:
        """Describe the bounds."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Flag(StrictField):
    """True or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, QueryText) and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            refuse("Must be true or false.", "Send true or false without quotes.")
        return bool(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> bool | None:
        return None if value is None else bool(value)

    def openapi(self) -> dict[str, Any]:
        """Describe the truth."""
        return {"type": "boolean"}


class DateField(StrictField):
    """A calendar date ``YYYY-MM-DD`` from 1900 to 2199."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DATE.match(value):
            refuse("Not a date.", 'Write it as "2026-03-31".')
        try:
            found = date.fromisoformat(value)
        except ValueError:
            refuse("There is no such day.", "Check month and day.")
        if found.year not in _YEARS:
            refuse("The year must lie between 1900 and 2199.", "Check the year.")
        return found

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "format": "date"}


class UtcField(StrictField):
    """A moment in RFC 3339 with its zone; read as an aware time in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _TIME.match(value):
            refuse("Not a time with its zone.", 'Write it as "2026-03-31T08:00:00Z".')
        try:
            found = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            refuse("There is no such moment.", "Check day, hour, minute, second and zone.")
        if found.year not in _YEARS:
            refuse("The year must lie between 1900 and 2199.", "Check the year.")
        return found

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def openapi(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "format": "date-time"}


class ListOf(_List[Any]):
    """A list whose length is checked before any of its items is looked at."""

    def __init__(self, inner: Any, *, least: int = 1, most: int = 1000, **options: Any) -> None:
        is_field = isinstance(inner, Field) or (isinstance(inner, type) and issubclass(inner, Field))
        super().__init__(inner if is_field else Nested(inner), **options)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            refuse("Must be a list.", "Send [...].")
        if not self.least <= len(value) <= self.most:
            refuse(
                f"Must have {self.least} to {self.most} entries.",
                "Add entries, or send them in several requests.",
            )
        return super()._deserialize(value, attr, data, **kwargs)


class TextMap(_Dict):
    """Texts by name, such as the figures of a hold; for answers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=String(), values=String(), **options)
