"""What a company adds to items."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.forms import ToldField


@event("inventory.form.defined.v1", key="form_id")
@dataclass(frozen=True)
class FormDefined:
    """The company's own form of ``document`` has a new version; all its fields, also those that are retired."""

    form_id: str
    document: str
    version: int
    fields: tuple[ToldField, ...]
    defined_by: str
