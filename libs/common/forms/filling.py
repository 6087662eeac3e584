"""Filling in a form: who may say what, what stands in where nothing is said, and what must be said from a day on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from libs.common.errors import MeridianError
from libs.common.forms import values as rules
from libs.common.forms.definition import Field, Form
from libs.common.forms.faults import FieldInvalid, FieldNotYours, FieldsRefused
from libs.common.forms.values import Misfit, Values

PLACE = "fields"
"""Where a document says them; a refusal names ``fields.<key>``."""


@dataclass(frozen=True)
class Filled:
    """What a document says, and by which version of its form that was last read."""

    values: Values
    version: int


def fill(
    form: Form,
    before: Values | None,
    given: Mapping[str, Any],
    roles: Collection[str],
    day: date,
    *,
    in_full: bool = True,
) -> Filled:
    """Return what a document says after somebody with ``roles`` has filled in what is ``given``; null clears.

    ``before`` is what it said, nothing for a new one, which gets the defaults. ``in_full``: what is required on
    that ``day`` must be there, of those whose it is to fill it in. All that does not fit is refused together.
    """
    new = before is None
    said = dict(before or {})
    refused: list[MeridianError] = []
    for key, value in given.items():
        try:
            _put(form, said, key, value, roles)
        except FieldInvalid as refusal:
            refused.append(refusal)
    if new:
        _stand_in(form, said, given)
    if in_full:
        asked = [field for field in form.fields if field.is_edited_by(roles)]
        bad = {refusal.field for refusal in refused}
        refused += [each for each in _lacking(asked, said, day) if each.field not in bad]
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise FieldsRefused(refused)
    return Filled(said, form.version)


def require_full(form: Form, said: Values, day: date) -> None:
    """Refuse a document of that ``day`` that does not say all that is required."""
    lacking = _lacking(form.fields, said, day)
    if len(lacking) == 1:
        raise lacking[0]
    if lacking:
        raise FieldsRefused(lacking)


def _put(form: Form, said: dict[str, str], key: str, value: Any, roles: Collection[str]) -> None:
    field = form.by_key.get(key)
    place = f"{PLACE}.{key[:60]}"
    if field is None or not field.is_seen_by(roles):
        names = [each.key for each in form.fields if each.is_edited_by(roles) and not each.retired]
        cure = f"Fill in one of: {', '.join(names[:50])}." if names else "Define the form first."
        raise FieldInvalid(f"there is no field {key[:60]}", field=place, cure=cure)
    new = None if value is None else _read(field, value, said.get(key), place)
    if new == said.get(key):
        return
    if not field.is_edited_by(roles):
        cure = f"Leave it to: {', '.join(field.edited_by)}."
        raise FieldNotYours(f"{key} is not yours to fill in", field=place, cure=cure)
    if field.retired and new is not None:
        raise FieldInvalid(f"{key} is retired", field=place, cure="Leave it out: what it said is kept.")
    if new is None:
        said.pop(key, None)
    else:
        said[key] = new


def _read(field: Field, value: Any, stored: str | None, place: str) -> str:
    if stored is not None and value == rules.shown(field.type, stored):
        return stored  # whoever sends back what was read changes nothing, also where it could not be chosen any more
    try:
        return rules.read(field, value)
    except Misfit as misfit:
        raise FieldInvalid(f"{field.key} {misfit.message}", field=place, cure=misfit.cure) from None


def _stand_in(form: Form, said: dict[str, str], given: Mapping[str, Any]) -> None:
    for field in form.fields:
        if field.default is not None and not field.retired and field.key not in given:
            said[field.key] = field.default


def _lacking(fields: Collection[Field], said: Values, day: date) -> list[MeridianError]:
    return [
        FieldInvalid(
            f"{field.key} is required", field=f"{PLACE}.{field.key}", cure=f"Fill in {field.label.en}."
        )
        for field in fields
        if field.is_required_on(day) and field.key not in said
    ]


def shown(form: Form, said: Values, roles: Collection[str]) -> dict[str, Any]:
    """Return what a document says to somebody with ``roles``, in the order of the form, also what is retired."""
    return {
        field.key: rules.shown(field.type, said[field.key])
        for field in form.fields
        if field.key in said and field.is_seen_by(roles)
    }


def facts(form: Form, said: Values, prefix: str = "") -> dict[str, Any]:
    """Return what a document says as rules compare it; the name of each is ``<prefix>fields.<key>``."""
    return {
        fact_name(field.key, prefix): rules.fact(field.type, said[field.key])
        for field in form.fields
        if field.key in said
    }


def fact_name(key: str, prefix: str = "") -> str:
    """Return how rules name a field; the dot keeps it from ever shadowing what a document itself says."""
    return f"{prefix}{PLACE}.{key}"
