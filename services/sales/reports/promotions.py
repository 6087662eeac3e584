"""Looking at promotions, and how often their coupons were used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_errors import PromotionNotFound
from services.sales.store import customers, promotions
from services.sales.store.tables import customer, promotion
from services.sales.store.teams import SIGHT

_NAMED = ("name", "customer_id", "customer_group", "channel", "region", "coupon")


@dataclass(frozen=True)
class PromotionSearch:
    """What to look for. Superseded revisions are left out unless ``superseded`` asks for them."""

    name: str | None = None
    customer_id: str | None = None
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None
    coupon: str | None = None
    superseded: bool = False
    only_owner: str | None = None


@dataclass(frozen=True)
class PromotionUse:
    """A promotion, and how often its coupon was used (``None``: it has none)."""

    promotion: Promotion
    used: int | None


def one_promotion(connection: Connection, promotion_id: str, *, only_owner: str | None) -> PromotionUse:
    """Return a promotion; refuse one that is for a customer whom the caller may not know of."""
    found = promotions.find(connection, promotion_id)
    if found is None or not _is_shown(connection, found, only_owner):
        raise PromotionNotFound(f"there is no promotion {promotion_id}")
    return with_uses(connection, [found])[0]


def _is_shown(connection: Connection, found: Promotion, only_owner: str | None) -> bool:
    if found.customer_id is None or only_owner is None:
        return True
    return customers.find_shown(connection, found.customer_id, only_owner) is not None


def with_uses(connection: Connection, found: list[Promotion]) -> list[PromotionUse]:
    """Return the promotions with how often their coupons were used."""
    used = promotions.used(connection, {each.coupon for each in found if each.coupon is not None})
    return [PromotionUse(each, used.get(each.coupon) if each.coupon else None) for each in found]


def list_promotions(
    connection: Connection, wanted: PromotionSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[PromotionUse]:
    """Return up to ``limit`` promotions, the latest first, those after the position ``after``."""
    named = ((name, getattr(wanted, name)) for name in _NAMED)
    statement = select(*promotions.COLUMNS).where(
        *(promotion.c[name] == value for name, value in named if value is not None)
    )
    if not wanted.superseded:
        statement = statement.where(promotion.c.superseded_by.is_(None))
    if wanted.only_owner is not None:
        own = select(customer.c.id).where(SIGHT.holds(customer.c.owner_id, wanted.only_owner))
        statement = statement.where(promotion.c.customer_id.is_(None) | promotion.c.customer_id.in_(own))
    if after is not None:
        (promotion_id,) = after
        statement = statement.where(promotion.c.id < promotion_id)
    rows = connection.execute(statement.order_by(promotion.c.id.desc()).limit(limit))
    return with_uses(connection, [promotions.from_row(row) for row in rows])
