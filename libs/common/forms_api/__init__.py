"""The edge of forms over HTTP: defining them, trying them, and what documents say of them. See README.md."""

from libs.common.forms_api.mount import FormsMount, names_of
from libs.common.forms_api.nouns import forms_noun
from libs.common.forms_api.said import (
    FieldFilter,
    SaidIn,
    SaidOut,
    WithFields,
    as_seen,
    asked_in,
    said_by,
    seen,
)

__all__ = [
    "FieldFilter",
    "FormsMount",
    "SaidIn",
    "SaidOut",
    "WithFields",
    "as_seen",
    "asked_in",
    "forms_noun",
    "names_of",
    "said_by",
    "seen",
]
