"""Looking for documents by one of their fields: equal to a value, or from one to another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection

from libs.common.forms import store
from libs.common.forms.definition import Field
from libs.common.forms.faults import FieldInvalid
from libs.common.forms.tables import field_value
from libs.common.forms.values import Misfit, ordinal, read, word

_ORDERED = ("number", "money", "date")


@dataclass(frozen=True)
class Asked:
    """What a list is asked for: documents whose ``key`` says ``value``, or lies between ``least`` and ``most``.

    The values are texts as a query string has them: an amount is ``12.00 CNY``, and a flag ``true`` or ``false``.
    """

    key: str | None = None
    value: str | None = None
    least: str | None = None
    most: str | None = None


def asked_for(
    connection: Connection,
    document: str,
    document_ids: ColumnElement[str],
    asked: Asked,
    roles: Collection[str],
) -> list[ColumnElement[bool]]:
    """Return the conditions that ``asked`` makes; nobody finds documents by what he may not see of them."""
    if asked.key is None:
        given = (("field_value", asked.value), ("field_from", asked.least), ("field_to", asked.most))
        lost = next((name for name, text in given if text is not None), None)
        if lost is not None:
            raise FieldInvalid("of which field?", field=lost, cure="Give its key in field.")
        return []
    field = store.current(connection, document).by_key.get(asked.key)
    if field is None or not field.is_seen_by(roles):
        raise FieldInvalid(f"there is no field {asked.key}", field="field", cure="Look at the form.")
    conditions: list[Any] = [field_value.c.key == field.key]
    if asked.value is not None:
        conditions.append(field_value.c.word == word(_stored(field, asked.value, "field_value")))
    if asked.least is not None:
        conditions.append(field_value.c.ordinal >= _place(field, asked.least, "field_from"))
    if asked.most is not None:
        conditions.append(field_value.c.ordinal <= _place(field, asked.most, "field_to"))
    return [store.saying(document, document_ids, conditions)]


def _place(field: Field, text: str, where: str) -> int:
    if field.type not in _ORDERED:
        raise FieldInvalid(f"a {field.type} has no order", field=where, cure="Give field_value instead.")
    place = ordinal(field.type, _stored(field, text, where))
    assert place is not None, "what is ordered has a place"
    return place


def _stored(field: Field, text: str, where: str) -> str:
    if field.type == "choice" and field.option(text) is not None:
        return text  # documents may say what cannot be chosen any more
    try:
        return read(field, _given(field, text))
    except Misfit as misfit:
        raise FieldInvalid(f"{field.key} {misfit.message}", field=where, cure=misfit.cure) from None


def _given(field: Field, text: str) -> Any:
    if field.type == "flag":
        return {"true": True, "false": False}.get(text, text)
    if field.type == "money":
        amount, _, currency = text.partition(" ")
        return {"amount": amount, "currency": currency}
    return text
