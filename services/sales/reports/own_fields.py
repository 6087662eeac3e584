"""What quotations say of the company's own form, and which of them say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection

from libs.common.forms import Asked, Filled, Values, asked_for
from services.sales.domain.approval import DOCUMENT
from services.sales.store import own_fields


@dataclass(frozen=True)
class OwnField:
    """What is asked of a field of the company's own form, by somebody with ``roles``."""

    asked: Asked
    roles: Collection[str]


def of_quotations(connection: Connection, quotation_ids: Collection[str]) -> dict[str, Filled]:
    """Return what quotations say, by id; those that say nothing are left out."""
    return own_fields.of_quotations(connection, quotation_ids)


def saying(
    connection: Connection, own: OwnField | None, quotation_ids: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    """Return the conditions that what is asked makes on quotations, and on orders that were quotations."""
    return [] if own is None else asked_for(connection, DOCUMENT, quotation_ids, own.asked, own.roles)


def last_said(connection: Connection, most: int) -> list[Values]:
    """Return what the last quotations say."""
    return own_fields.last_said(connection, most)
