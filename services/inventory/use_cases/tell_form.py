"""Tell others which fields the company added to items: they may decide on what those say."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.forms import Form, tell_fields
from libs.common.ids import derived_id
from libs.common.outbox import publish
from services.inventory.events import FormDefined


def tell_form(tx: Transaction, form: Form) -> None:
    """Tell of a new version of a form, in the order of its versions."""
    form_id = derived_id("inventory", form.document)
    publish(tx, FormDefined(form_id, form.document, form.version, tell_fields(form), form.created_by))
