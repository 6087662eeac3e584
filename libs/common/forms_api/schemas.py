"""How forms are written and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from libs.common.forms import Field
from libs.common.forms.definition import (
    FINEST,
    KEY,
    LONGEST_TEXT,
    MOST_FIELDS,
    MOST_OPTIONS,
    TYPES,
    USUAL_TEXT,
)
from libs.common.forms.values import shown
from libs.common.forms_api.mount import FormsMount
from libs.common.web import Strict, fields
from libs.common.web.principal import ROLES
from libs.common.web.schema import StrictField

MOST_TRIED = 1000
USUALLY_TRIED = 100
_ROLES = tuple(sorted(ROLES))
_SEEN = {"description": "Which roles may see it; none: whoever sees the document."}
_EDITED = {"description": "Which roles may fill it in; none: whoever sees it and works on the document."}
_REQUIRED = {"description": "From this day on it must be filled in; null: never."}
_BASED_ON = {"description": "The version that you have read; 0 where there is none yet."}


class FormWordsIn(Strict):
    """What people call it, in both languages."""

    en = fields.Text(max=80, required=True)
    zh = fields.Text(max=80, required=True)


class FormHelpIn(Strict):
    """What is said beside it, in both languages."""

    en = fields.Text(max=400, required=True)
    zh = fields.Text(max=400, required=True)


class FormWordsOut(Strict):
    """What people call it."""

    en = fields.Text(max=80)
    zh = fields.Text(max=80)


class FormHelpOut(Strict):
    """What is said beside it."""

    en = fields.Text(max=400)
    zh = fields.Text(max=400)


class _AnyValue(StrictField):
    """A value of a type that another field names; it is read by that."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return value

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def openapi(self) -> dict[str, Any]:
        """Describe what values may be."""
        amount = {
            "type": "object",
            "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
        }
        return {"anyOf": [{"type": "string"}, {"type": "boolean"}, amount]}


class FormDefaultIn(Strict):
    """What stands in where a new document says nothing."""

    value = _AnyValue(required=True)


class FormDefaultOut(Strict):
    """What stands in where a new document says nothing."""

    value = _AnyValue()


class FormOptionIn(Strict):
    """What can be chosen; a retired one cannot any more, and stays what documents say."""

    key = fields.Text(max=40, pattern=KEY, required=True)
    label = fields.Nested(FormWordsIn, required=True)
    retired = fields.Flag(load_default=False)


class FormOptionOut(Strict):
    """What can be chosen."""

    key = fields.Text(max=40)
    label = fields.Nested(FormWordsOut)
    retired = fields.Flag()


class FormFieldIn(Strict):
    """A field; key, type and scale stay as they are for ever. Their order is that of the list."""

    key = fields.Text(max=40, pattern=KEY, required=True)
    label = fields.Nested(FormWordsIn, required=True)
    type = fields.Choice(*TYPES, required=True)
    scale = fields.CountField(most=FINEST, load_default=0, metadata={"description": "Decimals of a number."})
    longest = fields.CountField(
        least=1, most=LONGEST_TEXT, load_default=USUAL_TEXT, metadata={"description": "Characters of a text."}
    )
    options = fields.ListOf(FormOptionIn, least=0, most=MOST_OPTIONS, load_default=())
    help = fields.Nested(FormHelpIn, allow_none=True)
    required_from = fields.DateField(allow_none=True, metadata=_REQUIRED)
    default = fields.Nested(FormDefaultIn, allow_none=True)
    seen_by = fields.ListOf(
        fields.Choice(*_ROLES), least=0, most=len(_ROLES), load_default=(), metadata=_SEEN
    )
    edited_by = fields.ListOf(
        fields.Choice(*_ROLES), least=0, most=len(_ROLES), load_default=(), metadata=_EDITED
    )
    retired = fields.Flag(load_default=False)


class FormFieldOut(Strict):
    """A field; ``since`` is the first version of the form that has it."""

    key = fields.Text(max=40)
    label = fields.Nested(FormWordsOut)
    type = fields.Choice(*TYPES)
    scale = fields.CountField(most=FINEST)
    longest = fields.CountField(least=1)
    options = fields.ListOf(FormOptionOut, least=0)
    help = fields.Nested(FormHelpOut, allow_none=True)
    required_from = fields.DateField(allow_none=True)
    default = fields.Nested(FormDefaultOut, allow_none=True)
    seen_by = fields.ListOf(fields.Text(max=32), least=0)
    edited_by = fields.ListOf(fields.Text(max=32), least=0)
    retired = fields.Flag()
    since = fields.CountField(least=1)


class FormLackingOut(Strict):
    """How many of the documents do not say it."""

    key = fields.Text(max=40)
    documents = fields.CountField()


class FormTrialOut(Strict):
    """What the form would be, and what the last documents lack of what it requires."""

    version = fields.CountField(least=1)
    looked_at = fields.CountField()
    lacking = fields.ListOf(FormLackingOut, least=0)


@dataclass(frozen=True)
class FormSchemas:
    """The schemas of a mount."""

    wanted: type[Strict]
    tried: type[Strict]
    shown: type[Strict]
    filters: type[Strict]


def form_schemas(mount: FormsMount) -> FormSchemas:
    """Return how forms for the documents of a mount are written, tried, shown and looked for."""

    class FieldFormIn(Strict):
        """All fields of the next version, in their order."""

        document = fields.Choice(*mount.documents, required=True)
        based_on = fields.CountField(required=True, metadata=_BASED_ON)
        fields_ = fields.ListOf(
            FormFieldIn, least=0, most=MOST_FIELDS, required=True, data_key="fields", attribute="fields"
        )

    class TryFieldFormIn(FieldFormIn):
        """A form, and on how many of the last documents it is tried."""

        last = fields.CountField(least=1, most=MOST_TRIED, load_default=USUALLY_TRIED)

    class FieldFormOut(Strict):
        """A version of a form; 0 where nobody defined any."""

        document = fields.Choice(*mount.documents)
        version = fields.CountField()
        fields_ = fields.ListOf(FormFieldOut, least=0, data_key="fields", attribute="fields")
        created_by = fields.Text(max=64, least=0)

    class FieldFormFilter(Strict):
        """Which form, in which version; left out: all, as they apply now."""

        document = fields.Choice(*mount.documents)
        version = fields.CountField(least=1)

    return FormSchemas(FieldFormIn, TryFieldFormIn, FieldFormOut, FieldFormFilter)


def shown_field(field: Field) -> dict[str, Any]:
    """Return a field as ``FormFieldOut`` takes it."""
    default = None if field.default is None else {"value": shown(field.type, field.default)}
    return {**vars(field), "default": default}
