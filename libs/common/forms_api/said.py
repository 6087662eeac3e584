"""What documents say of their forms, in and out; and how a list is asked for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from marshmallow import ValidationError

from libs.common.db import Connection
from libs.common.forms import MOST_FIELDS, Asked, Filled, current, shown
from libs.common.forms.definition import KEY, LONGEST_TEXT
from libs.common.web import Strict, fields, principal
from libs.common.web.schema import Complaint, StrictField, refuse

_SCALAR: tuple[dict[str, Any], ...] = (
    {"type": "string", "maxLength": LONGEST_TEXT},
    {"type": "boolean"},
    {
        "type": "object",
        "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        "required": ["amount", "currency"],
        "additionalProperties": False,
    },
)


S = TypeVar("S", bound=Any)


class SaidIn(StrictField):
    """Values by the keys of the document's form; null clears one, and what is left out stays.

    Only the shape is looked at here, before anything is looked up: how many, how long, how deep.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            refuse("Must be an object.", 'Send {"<key>": <value>}.')
        if len(value) > MOST_FIELDS:
            refuse(f"Has more than {MOST_FIELDS} entries.", "Send the fields of the form only.")
        wrong = {key[:60]: [told] for key, each in value.items() if (told := _complaint(each)) is not None}
        if wrong:
            raise ValidationError(wrong)
        return dict(value)

    def openapi(self) -> dict[str, Any]:
        """Describe an open object: which keys there are is data."""
        values = {"anyOf": [*_SCALAR, {"type": "null"}]}
        return {"type": "object", "additionalProperties": values, "maxProperties": MOST_FIELDS}


def _complaint(value: Any) -> Complaint | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        short = len(value) <= LONGEST_TEXT
        return None if short else Complaint(f"Longer than {LONGEST_TEXT} characters.", "Shorten it.")
    if isinstance(value, dict) and all(isinstance(each, str) and len(each) <= 40 for each in value.values()):
        return None if len(value) <= 2 else Complaint("Not a value.", "Send an amount and its currency only.")
    return Complaint(
        "Not a value.", 'Send text, true or false, or {"amount", "currency"}; numbers are text, as in "12.5".'
    )


class SaidOut(StrictField):
    """What a document says, by the keys of its form, as far as the caller may see it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any]:
        return dict(value or {})

    def openapi(self) -> dict[str, Any]:
        """Describe an open object."""
        return {"type": "object", "additionalProperties": {"anyOf": list(_SCALAR)}}


class FieldFilter(Strict):
    """To be found by one of its own fields: equal to ``field_value``, or from ``field_from`` to ``field_to``."""

    field = fields.Text(max=40, pattern=KEY, metadata={"description": "The key of a field of the form."})
    field_value = fields.Text(max=LONGEST_TEXT, metadata={"description": 'An amount is "12.00 CNY".'})
    field_from = fields.Text(max=40, metadata={"description": "Of a number, an amount or a day."})
    field_to = fields.Text(max=40, metadata={"description": "Of a number, an amount or a day."})


def asked_in(filters: dict[str, Any]) -> Asked:
    """Take out of the filters what a list is asked for by its own fields."""
    names = {"field": "key", "field_value": "value", "field_from": "least", "field_to": "most"}
    return Asked(**{to: filters.pop(name) for name, to in names.items() if name in filters})


def as_seen(connection: Connection, document: str, found: Sequence[S]) -> list[S]:
    """Return the documents with what the caller may see of their own fields; they are dataclasses with ``fields``."""
    if not any(each.fields for each in found):
        return list(found)
    form, roles = current(connection, document), _roles()
    return [replace(each, fields=shown(form, each.fields, roles)) for each in found]


class WithFields:
    """A document, and beside it what it says of its form, which it does not hold itself."""

    def __init__(self, document: Any, fields: dict[str, Any], form_version: int) -> None:
        self.document = document
        self.fields = fields
        self.form_version = form_version

    def __getattr__(self, name: str) -> Any:
        """Return what the document itself says."""
        return getattr(self.document, name)


def said_by(
    connection: Connection, document: str, found: Sequence[Any], said: Sequence[Filled | None]
) -> list[WithFields]:
    """Return the documents, each with what the caller may see of what it ``said`` in its place."""
    form = current(connection, document) if any(said) else None
    roles = _roles()
    return [
        WithFields(each, {}, 0)
        if form is None or own is None
        else WithFields(each, shown(form, own.values, roles), own.version)
        for each, own in zip(found, said, strict=True)
    ]


def seen(connection: Connection, document: str, found: S) -> S:
    """Return one document as ``as_seen`` does."""
    return as_seen(connection, document, [found])[0]


def _roles() -> Collection[str]:
    return principal().roles
