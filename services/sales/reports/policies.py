"""Looking at price policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from services.sales.domain.errors import PolicyNotFound
from services.sales.domain.policy import PricePolicy
from services.sales.store import customers, policies
from services.sales.store.tables import (
    customer,
    price_policy,
    price_policy_cost,
    price_policy_formula,
    price_policy_line,
)
from services.sales.store.teams import SIGHT

_NAMED = ("name", "customer_id", "customer_group", "channel", "region")


@dataclass(frozen=True)
class PolicySearch:
    """What to look for. Superseded revisions are left out unless ``superseded`` asks for them."""

    name: str | None = None
    customer_id: str | None = None
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None
    item_id: str | None = None
    superseded: bool = False
    only_owner: str | None = None


def one_policy(connection: Connection, policy_id: str, *, only_owner: str | None) -> PricePolicy:
    """Return a policy with its lines; refuse one that is for a customer whom the caller may not know of."""
    found = policies.find(connection, policy_id)
    if found is None or not _is_shown(connection, found, only_owner):
        raise PolicyNotFound(f"there is no price policy {policy_id}")
    return found


def _is_shown(connection: Connection, policy: PricePolicy, only_owner: str | None) -> bool:
    if policy.customer_id is None or only_owner is None:
        return True
    return customers.find_shown(connection, policy.customer_id, only_owner) is not None


def list_policies(
    connection: Connection, wanted: PolicySearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[PricePolicy]:
    """Return up to ``limit`` policies without their lines, the latest first, those after the position ``after``."""
    statement = select(*policies.COLUMNS).where(*_conditions(wanted))
    if after is not None:
        (policy_id,) = after
        statement = statement.where(price_policy.c.id < policy_id)
    rows = connection.execute(statement.order_by(price_policy.c.id.desc()).limit(limit))
    return [PricePolicy(**row._asdict(), lines=()) for row in rows]


def _conditions(wanted: PolicySearch) -> list[ColumnElement[bool]]:
    found = [price_policy.c[name] == value for name in _NAMED if (value := getattr(wanted, name)) is not None]
    if not wanted.superseded:
        found.append(price_policy.c.superseded_by.is_(None))
    if wanted.item_id is not None:
        of_item = [
            select(lines.c.policy_id).where(lines.c.item_id == wanted.item_id)
            for lines in (price_policy_line, price_policy_formula, price_policy_cost)
        ]
        found.append(or_(*(price_policy.c.id.in_(policies_of_it) for policies_of_it in of_item)))
    if wanted.only_owner is not None:
        own = select(customer.c.id).where(SIGHT.holds(customer.c.owner_id, wanted.only_owner))
        found.append(price_policy.c.customer_id.is_(None) | price_policy.c.customer_id.in_(own))
    return found
