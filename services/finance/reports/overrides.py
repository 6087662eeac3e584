"""Looking at credit overrides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import matches
from libs.common.money import Money
from services.finance.domain.credit_override import OverrideNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store.credit_policy_tables import credit_override
from services.finance.store.tables import account
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class OverrideSearch:
    """Which overrides are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    order_id: str | None = None
    state: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class OverrideView:
    """An override with the name of the customer."""

    id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    amount: Money
    reason: str
    expires_on: date
    state: str
    approval_id: str
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None
    version: int
    purpose: str


def list_overrides(
    connection: Connection, wanted: OverrideSearch, *, after: Position | None, limit: int
) -> list[OverrideView]:
    """Return overrides, the latest first."""
    query = _overrides(wanted.only_owner)
    for name in ("customer_id", "order_id", "state"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(matches(credit_override.c[name], value))
    return [_view(row) for row in page_of(connection, query, credit_override.c.id, after, limit)]


def one_override(connection: Connection, override_id: str, *, only_owner: str | None = None) -> OverrideView:
    """Return an override; refuse one that the caller may not know of."""
    query = _overrides(only_owner).where(credit_override.c.id == override_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise OverrideNotFound(f"there is no credit override {override_id}")
    return _view(row)


def _overrides(only_owner: str | None) -> Select[Any]:
    query = select(
        credit_override, account.c.number.label("customer_number"), account.c.name.label("customer_name")
    ).join(account, account.c.customer_id == credit_override.c.customer_id)
    return query if only_owner is None else query.where(SIGHT.holds(account.c.owner_id, only_owner))


def _view(row: Row[Any]) -> OverrideView:
    names = (name for name in OverrideView.__dataclass_fields__ if name != "amount")
    return OverrideView(
        **{name: getattr(row, name) for name in names}, amount=Money(row.amount_minor, row.currency)
    )
