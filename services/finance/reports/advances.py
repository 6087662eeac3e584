"""Advances: lists, and one with the payments that are kept for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from libs.common.db import matches
from libs.common.money import Money
from services.finance.domain.advance import AdvanceNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store.advance_tables import advance, earmark
from services.finance.store.tables import account, payment
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class AdvanceSearch:
    """Which advances are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    order_number: str | None = None
    state: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class AdvanceView:
    """An advance with the name of who is to pay it."""

    order_id: str
    order_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    amount: Money
    covered: Money
    missing: Money
    state: str
    reason: str | None
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class KeptPayment:
    """What is kept of a payment, and what of that no invoice has taken yet."""

    payment_id: str
    number: str
    amount: Money
    left: Money


@dataclass(frozen=True)
class AdvanceDetail(AdvanceView):
    """An advance with the payments that are kept for it."""

    payments: tuple[KeptPayment, ...] = ()


# A tombstone has no customer, and is nobody's to see.
_QUERY = select(
    advance,
    account.c.number.label("customer_number"),
    account.c.name.label("customer_name"),
    account.c.owner_id,
).join(account, account.c.customer_id == advance.c.customer_id)


def list_advances(
    connection: Connection, wanted: AdvanceSearch, *, after: Position | None, limit: int
) -> list[AdvanceView]:
    """Return advances, those of the latest orders first."""
    rows = page_of(connection, _QUERY.where(*_conditions(wanted)), advance.c.order_id, after, limit)
    return [AdvanceView(**_view(row)) for row in rows]


def _conditions(wanted: AdvanceSearch) -> list[ColumnElement[bool]]:
    choices = (
        (wanted.customer_id, advance.c.customer_id == wanted.customer_id),
        (wanted.order_number, advance.c.order_number == wanted.order_number),
        (wanted.state, matches(advance.c.state, wanted.state)),
        (wanted.only_owner, SIGHT.holds(account.c.owner_id, wanted.only_owner)),
    )
    return [condition for value, condition in choices if value is not None]


def one_advance(connection: Connection, order_id: str, *, only_owner: str | None = None) -> AdvanceDetail:
    """Return the advance on an order; refuse one that the caller may not know of."""
    row = connection.execute(_QUERY.where(advance.c.order_id == order_id)).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise AdvanceNotFound(f"no advance was asked for order {order_id}")
    kept = select(earmark, payment.c.number).join(payment, payment.c.id == earmark.c.payment_id)
    rows = connection.execute(kept.where(earmark.c.order_id == order_id).order_by(payment.c.id))
    return AdvanceDetail(**_view(row), payments=tuple(_kept(each) for each in rows))


def _kept(row: Row[Any]) -> KeptPayment:
    return KeptPayment(
        payment_id=row.payment_id,
        number=row.number,
        amount=Money(row.amount_minor, row.currency),
        left=Money(row.left_minor, row.currency),
    )


def _view(row: Row[Any]) -> dict[str, Any]:
    amount, covered = Money(row.amount_minor, row.currency), Money(row.covered_minor, row.currency)
    return {
        "order_id": row.order_id,
        "order_number": row.order_number,
        "customer_id": row.customer_id,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "amount": amount,
        "covered": covered,
        "missing": amount - covered,
        "state": row.state,
        "reason": row.reason,
        "asked_at": row.asked_at,
        "decided_at": row.decided_at,
    }
