"""How a form is told to services that decide on what another's documents say, and kept there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from libs.common.forms.definition import Field, Form, Option, Words


@dataclass(frozen=True)
class ToldOption:
    """A choice, on the wire."""

    key: str
    en: str
    zh: str
    retired: bool = False


@dataclass(frozen=True)
class ToldField:
    """A field, on the wire; of what others need to know: what it is called, and what it may say."""

    key: str
    type: str
    en: str
    zh: str
    scale: int = 0
    options: tuple[ToldOption, ...] = ()
    seen_by: tuple[str, ...] = ()
    retired: bool = False
    since: int = 1


def tell_fields(form: Form) -> tuple[ToldField, ...]:
    """Return the fields of a form as they are told."""
    return tuple(
        ToldField(
            key=field.key,
            type=field.type,
            en=field.label.en,
            zh=field.label.zh,
            scale=field.scale,
            options=tuple(
                ToldOption(each.key, each.label.en, each.label.zh, each.retired) for each in field.options
            ),
            seen_by=field.seen_by,
            retired=field.retired,
            since=field.since,
        )
        for field in form.fields
    )


def form_told(document: str, version: int, fields: Iterable[ToldField], by: str) -> Form:
    """Return the form of another service's documents as that told it."""
    return Form(document, version, tuple(_field(told) for told in fields), by)


def _field(told: ToldField) -> Field:
    return Field(
        key=told.key,
        label=Words(told.en, told.zh),
        type=told.type,  # type: ignore[arg-type] # one that is new to this service is refused when it is compared
        scale=told.scale,
        options=tuple(Option(each.key, Words(each.en, each.zh), each.retired) for each in told.options),
        seen_by=told.seen_by,
        retired=told.retired,
        since=told.since,
    )
