"""Promotions and their coupons: what may take something off a document, and how often a code was used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from libs.common.db import Prepared, Transaction, Upsert
from services.sales.domain.audience import Buyer
from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_traces import gave, gift_data, gift_of
from services.sales.store.tables import coupon, coupon_use, promotion, quotation_line

_HEAD = (
    "id",
    "name",
    "revision",
    "currency",
    "priority",
    "exclusive",
    "customer_id",
    "customer_group",
    "channel",
    "region",
    "valid_from",
    "valid_until",
    "coupon",
    "max_uses",
    "superseded_by",
    "version",
)
COLUMNS = (*(promotion.c[name] for name in _HEAD), promotion.c.gift)


def _nobody_or(column: str, name: str) -> Any:
    named = promotion.c[column]
    return or_(named.is_(None), named == bindparam(name, type_=named.type))


# A code is shown to those only who bring it. What is over is not tried: there would be more of it every year.
_TRIED = Prepared(
    select(*COLUMNS).where(
        promotion.c.superseded_by.is_(None),
        or_(promotion.c.valid_until.is_(None), promotion.c.valid_until >= bindparam("on_day")),
        _nobody_or("customer_id", "for_customer"),
        _nobody_or("customer_group", "for_group"),
        _nobody_or("region", "for_region"),
        _nobody_or("coupon", "with_coupon"),
    )
)
_KEEP_COUPON = Upsert(
    coupon,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["code"],
        set_={"max_uses": insert.excluded.max_uses},
        where=(coupon.c.promotion == insert.excluded.promotion)
        & or_(insert.excluded.max_uses.is_(None), coupon.c.used <= insert.excluded.max_uses),
    ),
)
_THIS = coupon.c.code == bindparam("of_code")
_USE = Prepared(
    update(coupon)
    .where(_THIS, or_(coupon.c.max_uses.is_(None), coupon.c.used < coupon.c.max_uses))
    .values(used=coupon.c.used + 1)
)
_ADD_USE = Prepared(insert(coupon_use))


@dataclass(frozen=True)
class Coupon:
    """A code, the promotion that it is for, and how often it was used of how often it may be (``None``: always)."""

    code: str
    promotion: str
    max_uses: int | None
    used: int

    @property
    def is_used_up(self) -> bool:
        """Whether nobody can use it any more."""
        return self.max_uses is not None and self.used >= self.max_uses


def add(tx: Transaction, new: Promotion, created_by: str) -> None:
    """Store a promotion; the one of the same name that was current until now is superseded by it."""
    current = (promotion.c.name == new.name) & promotion.c.superseded_by.is_(None)
    tx.connection.execute(
        update(promotion).where(current).values(superseded_by=new.id, version=promotion.c.version + 1)
    )
    head = {name: getattr(new, name) for name in _HEAD} | {"gift": gift_data(new.gift)}
    tx.connection.execute(insert(promotion).values(**head, created_by=created_by, created_at=tx.now))


def find(connection: Connection, promotion_id: str) -> Promotion | None:
    """Return a promotion, or nothing."""
    row = connection.execute(select(*COLUMNS).where(promotion.c.id == promotion_id)).one_or_none()
    return None if row is None else from_row(row)


def from_row(row: Row[Any]) -> Promotion:
    """Return the promotion in a row of ``COLUMNS``."""
    head = {name: getattr(row, name) for name in _HEAD}
    return Promotion(gift=gift_of(row.gift, row.currency), **head)


def coupon_of(connection: Connection, name: str) -> str | None:
    """Return the code of the promotion of this name, or nothing."""
    return connection.execute(select(coupon.c.code).where(coupon.c.promotion == name)).scalar_one_or_none()


def for_document(connection: Connection, buyer: Buyer, on: date, code: str | None) -> list[Promotion]:
    """Return the current promotions that a document of this buyer with this coupon may have, whatever its channel."""
    wanted = {
        "on_day": on,
        "for_customer": buyer.customer_id,
        "for_group": buyer.customer_group,
        "for_region": buyer.region,
        "with_coupon": code,
    }
    return [from_row(row) for row in connection.execute(_TRIED, wanted)]


def find_coupon(connection: Connection, code: str) -> Coupon | None:
    """Return a coupon, or nothing."""
    row = connection.execute(select(coupon).where(coupon.c.code == code)).one_or_none()
    return None if row is None else Coupon(**row._asdict())


def used(connection: Connection, codes: Iterable[str]) -> dict[str, int]:
    """Return how often each of ``codes`` was used."""
    rows = connection.execute(select(coupon.c.code, coupon.c.used).where(coupon.c.code.in_(sorted(codes))))
    return {row.code: row.used for row in rows}


def keep_coupon(tx: Transaction, code: str, name: str, max_uses: int | None) -> bool:
    """Let the code be used for the promotion of this name, so often; false when it is another's or was used more."""
    row = {"code": code, "promotion": name, "max_uses": max_uses, "used": 0}
    return bool(tx.connection.execute(_KEEP_COUPON.on(tx.connection), row).rowcount == 1)


def took_off(connection: Connection, code: str, line_ids: Iterable[str]) -> bool:
    """Tell whether a coupon took anything off one of these lines of a quotation."""
    query = select(quotation_line.c.price_trace).where(quotation_line.c.id.in_(sorted(line_ids)))
    return any(gave(trace, code) for trace in connection.execute(query).scalars())


def use_coupon(tx: Transaction, code: str, order_id: str) -> bool:
    """Use the code once more, for an order; false when it was used as often as it may be."""
    if tx.connection.execute(_USE, {"of_code": code}).rowcount != 1:
        return False
    tx.connection.execute(
        _ADD_USE, {"order_id": order_id, "code": code, "used_at": tx.now, "given_back_at": None}
    )
    return True


def give_coupon_back(tx: Transaction, order_id: str) -> str | None:
    """Give back the use of the order's coupon, once, and return its code; nothing when it has none to give back."""
    not_yet = (coupon_use.c.order_id == order_id) & coupon_use.c.given_back_at.is_(None)
    given = update(coupon_use).where(not_yet).values(given_back_at=tx.now).returning(coupon_use.c.code)
    code = tx.connection.execute(given).scalar_one_or_none()
    if code is not None:
        tx.connection.execute(update(coupon).where(coupon.c.code == code).values(used=coupon.c.used - 1))
    return code
