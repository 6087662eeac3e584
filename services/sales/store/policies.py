"""Price policies with their lines, and the rules that may price an item."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from libs.common.db import Prepared, Transaction
from libs.common.money import Price
from services.sales.domain.policy import PolicyLine, PricePolicy
from services.sales.domain.pricing import PriceRule
from services.sales.store.tables import price_policy, price_policy_line

_HEAD = (
    "id",
    "name",
    "revision",
    "currency",
    "customer_id",
    "valid_from",
    "valid_until",
    "superseded_by",
    "version",
)
COLUMNS = tuple(price_policy.c[name] for name in _HEAD)
_RULES = Prepared(
    select(
        price_policy_line.c.item_id,
        price_policy_line.c.min_quantity_milli,
        price_policy_line.c.unit_price_e4,
        *COLUMNS,
    )
    .join(price_policy, price_policy.c.id == price_policy_line.c.policy_id)
    .where(
        price_policy_line.c.item_id.in_(bindparam("item_ids", expanding=True)),
        price_policy.c.superseded_by.is_(None),
        or_(
            price_policy.c.customer_id.is_(None),
            price_policy.c.customer_id == bindparam("for_customer"),
        ),
    )
    .order_by(price_policy_line.c.item_id, price_policy.c.id, price_policy_line.c.min_quantity_milli)
)


def add(tx: Transaction, new: PricePolicy, created_by: str) -> None:
    """Store a policy; the one of the same name that was current until now is superseded by it."""
    current = (price_policy.c.name == new.name) & price_policy.c.superseded_by.is_(None)
    tx.connection.execute(
        update(price_policy).where(current).values(superseded_by=new.id, version=price_policy.c.version + 1)
    )
    head = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(insert(price_policy).values(**head, created_by=created_by, created_at=tx.now))
    rows = [
        {
            "policy_id": new.id,
            "item_id": line.item_id,
            "min_quantity_milli": line.min_quantity,
            "line_no": line_no,
            "unit_price_e4": line.unit_price.e4,
        }
        for line_no, line in enumerate(new.lines, start=1)
    ]
    tx.connection.execute(insert(price_policy_line), rows)


def find(connection: Connection, policy_id: str) -> PricePolicy | None:
    """Return a policy with its lines, or nothing."""
    row = connection.execute(select(*COLUMNS).where(price_policy.c.id == policy_id)).one_or_none()
    if row is None:
        return None
    return PricePolicy(**row._asdict(), lines=_lines(connection, row.id, row.currency))


def _lines(connection: Connection, policy_id: str, currency: str) -> tuple[PolicyLine, ...]:
    statement = (
        select(price_policy_line)
        .where(price_policy_line.c.policy_id == policy_id)
        .order_by(price_policy_line.c.line_no)
    )
    return tuple(
        PolicyLine(row.item_id, row.min_quantity_milli, Price(row.unit_price_e4, currency))
        for row in connection.execute(statement)
    )


def rules_for(
    connection: Connection, item_ids: Iterable[str], customer_id: str
) -> dict[str, list[PriceRule]]:
    """Return the current rules for these items that a customer may see: those for all and his own, by item."""
    wanted = {"item_ids": sorted(set(item_ids)), "for_customer": customer_id}
    rules: dict[str, list[PriceRule]] = {}
    for row in connection.execute(_RULES, wanted):
        rules.setdefault(row.item_id, []).append(_rule(row))
    return rules


def _rule(row: Row[tuple[object, ...]]) -> PriceRule:
    return PriceRule(
        policy_id=row.id,
        policy=row.name,
        revision=row.revision,
        unit_price=Price(row.unit_price_e4, row.currency),
        min_quantity=row.min_quantity_milli,
        customer_id=row.customer_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
