"""The fields of a company's own forms, as flows ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.approvals.conditions import Kind
from libs.common.approvals.kinds import Label, OwnFact
from libs.common.forms import Field, Form, fact_name
from libs.common.forms.definition import Type

_KINDS: Mapping[Type, Kind] = {
    "text": "text",
    "choice": "text",
    "number": "number",
    "money": "money",
    "date": "date",
    "flag": "flag",
}


def own_facts(form: Form, prefix: str = "", whose: Label | None = None) -> list[OwnFact]:
    """Return what a flow can ask of a form: ``<prefix>fields.<key>``, named as the form names it.

    ``whose`` stands before the names where the form is another document's than the one that is asked.
    """
    return [_own(field, prefix, whose) for field in form.fields]


def _own(field: Field, prefix: str, whose: Label | None) -> OwnFact:
    en, zh = field.label.en, field.label.zh
    label = Label(en, zh) if whose is None else Label(f"{whose.en}: {en}", f"{whose.zh}：{zh}")
    options = {option.key: Label(option.label.en, option.label.zh) for option in field.options}
    return OwnFact(fact_name(field.key, prefix), label, _KINDS[field.type], options, field.retired)
