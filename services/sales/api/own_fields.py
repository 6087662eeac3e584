"""What quotations and orders say of the company's own form, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libs.common.db import Connection
from libs.common.forms import Filling
from libs.common.forms_api import SaidIn, SaidOut, WithFields, said_by
from libs.common.web import Strict, fields, principal
from services.sales.api.company import company_day
from services.sales.domain.approval import DOCUMENT
from services.sales.domain.order import Order
from services.sales.domain.quotation import Quotation
from services.sales.reports.own_fields import of_quotations

_OWN = {"description": "Of the company's own form, by key; see /sales-forms."}
_VERSION = {"description": "Of the form, when its fields were last filled in."}


class OwnFieldsIn(Strict):
    """What is filled in of the company's own form."""

    fields_ = SaidIn(data_key="fields", attribute="fields", metadata=_OWN)


class OwnFieldsOut(Strict):
    """What a quotation says of the company's own form, or the one that an order was."""

    fields_ = SaidOut(data_key="fields", attribute="fields", metadata=_OWN)
    form_version = fields.CountField(metadata=_VERSION)


def filling(body: dict[str, Any]) -> Filling | None:
    """Take out of a body what the caller fills in today; nothing where it says nothing of it."""
    if "fields" not in body:
        return None
    return Filling(body.pop("fields"), principal().roles, company_day())


def all_said(connection: Connection, found: Sequence[Quotation]) -> list[WithFields]:
    """Return quotations with what the caller may see of their own fields."""
    said = of_quotations(connection, [each.id for each in found])
    return said_by(connection, DOCUMENT, found, [said.get(each.id) for each in found])


def said(connection: Connection, found: Quotation) -> WithFields:
    """Return one quotation as ``all_said`` does."""
    return all_said(connection, [found])[0]


def order_said(connection: Connection, found: Order) -> WithFields:
    """Return an order with what the quotation says that it was."""
    own = of_quotations(connection, [found.quotation_id] if found.quotation_id else [])
    return said_by(connection, DOCUMENT, [found], [own.get(found.quotation_id or "")])[0]
