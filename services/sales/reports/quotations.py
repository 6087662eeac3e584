"""Looking at quotations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from libs.common.db import matches
from services.sales.domain.errors import NoEarlierRevision, NotRevised, QuotationNotFound
from services.sales.domain.quotation import Quotation, revised_number
from services.sales.domain.revision import Revision, compare
from services.sales.reports.own_fields import OwnField, saying
from services.sales.reports.visible import visible_to
from services.sales.store import quotations
from services.sales.store.tables import quotation


@dataclass(frozen=True)
class QuotationSearch:
    """What to look for; ``since`` and ``until`` bound the day of issue, both included."""

    state: str | None = None
    customer_id: str | None = None
    number: str | None = None
    since: date | None = None
    until: date | None = None
    only_owner: str | None = None
    own: OwnField | None = None


def one_quotation(connection: Connection, quotation_id: str, *, only_owner: str | None) -> Quotation:
    """Return a quotation with its lines; refuse one of a customer whom the caller may not know of."""
    found = quotations.find(connection, quotation_id, only_owner)
    if found is None:
        raise QuotationNotFound(f"there is no quotation {quotation_id}")
    return found


def changes_of(
    connection: Connection, quotation_id: str, since: int | None, *, only_owner: str | None
) -> Revision:
    """Return a revision beside an earlier one: ``since``, or the one that it revises. A first one has none."""
    after = one_quotation(connection, quotation_id, only_owner=only_owner)
    if after.revises is None:
        raise NotRevised(f"{after.number} is a first revision")
    if since is not None and since >= after.revision:
        raise NoEarlierRevision(
            f"{after.number} is revision {after.revision}", field="since", revision=after.revision
        )
    number = revised_number(after.number, after.revision - 1 if since is None else since)
    before = quotations.find_by_number(connection, number)
    assert before is not None, f"{after.number} revises something that is not there"
    return compare(before, after)


def list_quotations(
    connection: Connection, wanted: QuotationSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[Quotation]:
    """Return up to ``limit`` quotations without their lines, the latest first, those after ``after``."""
    statement = select(*quotations.COLUMNS).where(visible_to(wanted.only_owner, quotation.c.customer_id))
    statement = statement.where(*saying(connection, wanted.own, quotation.c.id))
    if wanted.state is not None:
        statement = statement.where(matches(quotation.c.state, wanted.state))
    if wanted.customer_id is not None:
        statement = statement.where(quotation.c.customer_id == wanted.customer_id)
    if wanted.number is not None:
        statement = statement.where(quotation.c.number == wanted.number)
    if wanted.since is not None:
        statement = statement.where(quotation.c.issued_on >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(quotation.c.issued_on <= wanted.until)
    if after is not None:
        (quotation_id,) = after
        statement = statement.where(quotation.c.id < quotation_id)
    rows = connection.execute(statement.order_by(quotation.c.id.desc()).limit(limit))
    return [quotations.from_row(row) for row in rows]
