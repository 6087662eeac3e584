"""Forms: the fields that a company adds to its documents, as data with a version. See README.md.

The rules (``definition``, ``values``, ``filling``) are pure; ``store`` and ``asking`` speak to the database.
"""

from libs.common.forms.asking import Asked, asked_for
from libs.common.forms.definition import MOST_FIELDS, Field, Form, Option, Words, next_form
from libs.common.forms.filling import Filled, fact_name, facts, fill, require_full, shown
from libs.common.forms.store import add, current, index, keep, one_version
from libs.common.forms.told import ToldField, ToldOption, form_told, tell_fields
from libs.common.forms.trying import FormKind, FormTrial, define_form, try_form
from libs.common.forms.values import Values
from libs.common.forms.writing import Filling, fill_in, find_by_fields

__all__ = [
    "MOST_FIELDS",
    "Asked",
    "Field",
    "Filled",
    "Filling",
    "Form",
    "FormKind",
    "FormTrial",
    "Option",
    "ToldField",
    "ToldOption",
    "Values",
    "Words",
    "add",
    "asked_for",
    "current",
    "define_form",
    "fact_name",
    "facts",
    "fill",
    "fill_in",
    "find_by_fields",
    "form_told",
    "index",
    "keep",
    "next_form",
    "one_version",
    "require_full",
    "shown",
    "tell_fields",
    "try_form",
]
