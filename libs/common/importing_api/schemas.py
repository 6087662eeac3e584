"""How rows are sent, and how what became of them is told."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError

from libs.common.importing import Format
from libs.common.importing_api.mount import ImportMount
from libs.common.web import Strict, fields
from libs.common.web.schema import Complaint, StrictField, refuse

MOST_ROWS = 500
"""How many rows one request may bring: as many as a command line takes in one transaction."""

LONGEST_CELL = 20_000
LONGEST_NAME = 64


class Cells(StrictField):
    """The texts of one row by column. Only the shape is looked at: what a text means is told row by row."""

    def __init__(self, format: Format, **options: Any) -> None:
        super().__init__(**options)
        self._names = [column.name for column in format.columns]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            refuse("Must be an object.", 'Send {"<column>": "<text>"}.')
        wrong = {name[:60]: [told] for name, text in value.items() if (told := self._complaint(name, text))}
        if wrong:
            raise ValidationError(wrong)
        return dict(value)

    def _complaint(self, name: str, text: Any) -> Complaint | None:
        if name not in self._names:
            return Complaint("There is no such column.", f"The columns are {', '.join(self._names)}.")
        if not isinstance(text, str):
            return Complaint("Must be text.", 'Send a JSON string, as in "12.50".')
        if len(text) > LONGEST_CELL:
            return Complaint(f"Longer than {LONGEST_CELL} characters.", "Shorten it.")
        return None

    def openapi(self) -> dict[str, Any]:
        """Describe an object of texts."""
        text = {"type": "string", "maxLength": LONGEST_CELL}
        return {
            "type": "object",
            "properties": dict.fromkeys(self._names, text),
            "additionalProperties": False,
        }


class OwnersIn(StrictField):
    """User ids by login name: services know users by their ids only."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            refuse("Must be an object.", 'Send {"<username>": "<user id>"}.')
        if len(value) > MOST_ROWS:
            refuse(f"Has more than {MOST_ROWS} entries.", "Send those only that the rows name.")
        username, user_id = fields.Text(max=LONGEST_NAME), fields.IdField()
        return {
            str(username.deserialize(name)): str(user_id.deserialize(each)) for name, each in value.items()
        }

    def openapi(self) -> dict[str, Any]:
        """Describe an object of ids."""
        return {
            "type": "object",
            "additionalProperties": fields.IdField().openapi(),
            "maxProperties": MOST_ROWS,
        }


class ImportedProblemOut(Strict):
    """One thing wrong with a row."""

    line = fields.CountField(least=1)
    column = fields.Text(max=LONGEST_NAME, allow_none=True, metadata={"description": "null: the whole row."})
    message = fields.Text(max=2000)


class ImportOut(Strict):
    """What became of the rows, or would."""

    rows = fields.CountField()
    taken = fields.CountField()
    skipped = fields.CountField(metadata={"description": "Rows that are there already."})
    problems = fields.ListOf(ImportedProblemOut, least=0)
    more = fields.CountField(metadata={"description": "How many other problems there are."})


class ImportColumnOut(Strict):
    """One column."""

    name = fields.Text(max=LONGEST_NAME)
    required = fields.Flag()
    meaning = fields.Text(max=400)
    example = fields.Text(max=200, least=0)


class ImportFormatOut(Strict):
    """What rows hold."""

    kind = fields.Text(max=LONGEST_NAME)
    file = fields.Text(max=80)
    key = fields.ListOf(
        fields.Text(max=LONGEST_NAME),
        metadata={"description": "What names a row; no two rows have the same."},
    )
    belongs_by = fields.ListOf(
        fields.Text(max=LONGEST_NAME),
        least=0,
        metadata={
            "description": "Rows with the same values here are one document: send them in one request."
        },
    )
    columns = fields.ListOf(ImportColumnOut)


def import_schema(mount: ImportMount) -> type[Strict]:
    """Return the schema of a request that brings in rows of the mount's format."""
    stem = mount.noun.title().replace("-", "")
    row = type(
        f"{stem}ImportRowIn",
        (Strict,),
        {
            "__doc__": "A row, and the line that it has for the caller.",
            "line": fields.CountField(least=1, required=True),
            "cells": Cells(mount.format, required=True),
        },
    )
    about: dict[str, Any] = {
        "__doc__": "Rows to bring in.",
        "rows": fields.ListOf(row, most=MOST_ROWS, required=True),
        "preview": fields.Flag(
            required=True, metadata={"description": "Only tell what would come of it; nothing is kept."}
        ),
        "skip_existing": fields.Flag(
            load_default=False, metadata={"description": "Pass over rows that are there already."}
        ),
    }
    if mount.by_owner:
        about["owners"] = OwnersIn(
            load_default=dict, metadata={"description": "User ids by the login names that the rows hold."}
        )
    return type(f"{stem}ImportIn", (Strict,), about)
