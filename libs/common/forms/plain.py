"""Fields as plain data, to be stored with their form and told to others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from libs.common.forms.definition import Field, Option, Words


def field_data(field: Field) -> dict[str, Any]:
    """Return a field as plain data."""
    return {
        "key": field.key,
        "label": vars(field.label),
        "type": field.type,
        "scale": field.scale,
        "longest": field.longest,
        "options": [
            {"key": each.key, "label": vars(each.label), "retired": each.retired} for each in field.options
        ],
        "help": None if field.help is None else vars(field.help),
        "required_from": None if field.required_from is None else field.required_from.isoformat(),
        "default": field.default,
        "seen_by": list(field.seen_by),
        "edited_by": list(field.edited_by),
        "retired": field.retired,
        "since": field.since,
    }


def field_from(data: Mapping[str, Any]) -> Field:
    """Read a stored field."""
    required = data["required_from"]
    return Field(
        key=data["key"],
        label=Words(**data["label"]),
        type=data["type"],
        scale=data["scale"],
        longest=data["longest"],
        options=tuple(
            Option(each["key"], Words(**each["label"]), each["retired"]) for each in data["options"]
        ),
        help=None if data["help"] is None else Words(**data["help"]),
        required_from=None if required is None else date.fromisoformat(required),
        default=data["default"],
        seen_by=tuple(data["seen_by"]),
        edited_by=tuple(data["edited_by"]),
        retired=data["retired"],
        since=data["since"],
    )
