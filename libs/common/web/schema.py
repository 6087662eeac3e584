"""The base of every schema at the edge, and complaints that say what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from marshmallow import RAISE, Schema, ValidationError, missing
from marshmallow.fields import Field


class Complaint(str):
    """What is wrong with one field, with the ``cure``: what the caller can do about it."""

    cure: str | None

    def __new__(cls, message: str, cure: str | None = None) -> Complaint:
        """Return the message as text that carries its cure."""
        text = super().__new__(cls, message)
        text.cure = cure
        return text


class QueryText(str):
    """A value from the query string, where numbers and flags can only arrive as text."""


class InexactNumber:
    """A JSON number with a fraction or an exponent: kept as written, so that no float ever exists.

    Every strict field refuses it; exact decimals arrive as text.
    """

    def __init__(self, text: str) -> None:
        self.text = text


class StrictField(Field[Any]):
    """A field that describes in OpenAPI exactly what it accepts."""

    def openapi(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""
        raise AssertionError(f"{type(self).__name__} does not describe itself")


class Strict(Schema):
    """A schema that refuses fields it does not know; silently dropping one would hide a misspelling."""

    class Meta:
        """Refuse the unknown."""

        unknown = RAISE

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        """Write ``obj``, or each of ``many``: values are taken as they are, for answers have thousands of them.

        What marshmallow does besides (look for paths, indexes and defaults) is done only where there is no value.
        """
        if many and obj is not None:
            return [self._serialize(each) for each in obj]
        written, is_mapping = {}, isinstance(obj, Mapping)
        for name, field in self.dump_fields.items():
            wanted = field.attribute or name
            value = obj.get(wanted, missing) if is_mapping else getattr(obj, wanted, missing)
            if value is missing:
                value = field.serialize(name, obj, accessor=self.get_attribute)
            else:
                value = field._serialize(value, name, obj)  # noqa: SLF001 -- what serialize() ends with
            if value is not missing:
                written[field.data_key or name] = value
        return written

    error_messages = {  # noqa: RUF012 -- declared so by marshmallow
        "unknown": Complaint("There is no such field.", "Remove it, or check its spelling in /openapi.json."),
        "type": Complaint("A JSON object is expected here.", "Send {...} with the fields of the schema."),
    }


def refuse(message: str, cure: str | None = None) -> NoReturn:
    """Refuse the value of the field that is being read."""
    raise ValidationError([Complaint(message, cure)])


def complaints(messages: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Flatten marshmallow's nested messages to ``{"field": "lines.0.quantity", "message", "cure"}``."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            below = path if name == "_schema" else f"{path}.{name}".lstrip(".")
            yield from complaints(inner, below)
    elif isinstance(messages, list):
        for message in messages:
            yield from complaints(message, path)
    else:
        cure = getattr(messages, "cure", None)
        yield {
            "field": path or "body",
            "message": str(messages),
            "cure": cure or _USUAL_CURE.get(str(messages)),
        }


_USUAL_CURE = {
    "Missing data for required field.": "Send this field.",
    "Field may not be null.": "Send a value, or leave the field out.",
}
