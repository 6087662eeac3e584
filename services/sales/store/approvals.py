"""Approvals of quotations and of changes of orders, as one person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, false, or_, select

from libs.common.approvals import Approval, Voice, may_decide, names_one_of, of_rows
from libs.common.approvals.tables import approval
from services.sales.domain.approval import DOCUMENT, ShownApproval
from services.sales.domain.order_change import DOCUMENT as ORDER_CHANGE
from services.sales.store.change_tables import order_change
from services.sales.store.tables import customer, quotation, sales_order


@dataclass(frozen=True)
class Sight:
    """Who looks: with which ``voices``, his own first, and whether he may read quotations, maybe ``only_owner``'s."""

    voices: tuple[Voice, ...]
    reads_quotations: bool
    only_owner: str | None = None


def is_shown(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that somebody may know of an approval.

    He may read its document, or he is, was or could be asked about it.
    """
    return and_(
        approval.c.document.in_((DOCUMENT, ORDER_CHANGE)),
        or_(_reads(sight), names_one_of(sight.voices), _asked_for(sight)),
    )


def _reads(sight: Sight) -> ColumnElement[bool]:
    if not sight.reads_quotations:
        return false()
    if sight.only_owner is None:
        return approval.c.id.is_not(None)
    owned = select(quotation.c.id).join(customer, customer.c.id == quotation.c.customer_id)
    changed = select(order_change.c.id).join(sales_order, sales_order.c.id == order_change.c.order_id)
    changed = changed.join(customer, customer.c.id == sales_order.c.customer_id)
    is_own = customer.c.owner_id == sight.only_owner
    return or_(
        exists(owned.where(quotation.c.id == approval.c.document_id, is_own)),
        exists(changed.where(order_change.c.id == approval.c.document_id, is_own)),
    )


def _asked_for(sight: Sight) -> ColumnElement[bool]:
    return approval.c.requested_by == sight.voices[0].person


def find_shown(connection: Connection, approval_id: str, sight: Sight) -> ShownApproval | None:
    """Return the approval if it may be known of, or nothing."""
    query = select(approval).where(approval.c.id == approval_id, is_shown(sight))
    found = shown(connection, query, sight)
    return found[0] if found else None


def shown(connection: Connection, query: Select[Any], sight: Sight) -> list[ShownApproval]:
    """Return the approvals that ``query`` finds as the one who looks sees them."""
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    return [as_seen(each, sight) for each in of_rows(connection, list(rows))]


def as_seen(found: Approval, sight: Sight) -> ShownApproval:
    """Return the approval with whether it waits for the one who looks."""
    return ShownApproval(**vars(found), waits_for_you=may_decide(found, sight.voices))
