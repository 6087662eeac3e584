"""How long lots must still last, by item and customer, and what was allowed although it does not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from libs.common.db import Transaction, Upsert
from services.inventory.domain.shelf_life import LotOfItem, ShelfLifeRule, ShortDatedAllowed
from services.inventory.store.shelf_life_tables import shelf_life_rule, short_dated_allowed
from services.inventory.store.tables import customer

_RULE = tuple(
    shelf_life_rule.c[name] for name in ("id", "days", "item_id", "customer_id", "customer_group", "version")
)
_PUT = Upsert(
    shelf_life_rule,
    lambda given: given.on_conflict_do_update(
        index_elements=["scope"],
        set_={
            "days": given.excluded.days,
            "set_by": given.excluded.set_by,
            "set_at": given.excluded.set_at,
            "version": shelf_life_rule.c.version + 1,
        },
    ).returning(*_RULE),
)
_ALLOW = Upsert(
    short_dated_allowed,
    lambda given: given.on_conflict_do_nothing().returning(short_dated_allowed.c.order_id),
)
_WORD = ("order_id", "delivery_id", "item_id", "lot", "reason", "allowed_by")


def put(tx: Transaction, new: ShelfLifeRule) -> ShelfLifeRule:
    """Store the rule of a scope, in place of the one before it, by one statement; return it as it is stored."""
    values = vars(new) | {"scope": new.scope, "set_by": tx.cause.actor, "set_at": tx.now}
    return to_rule(tx.connection.execute(_PUT.on(tx.connection), values).one())


def to_rule(row: Row[Any]) -> ShelfLifeRule:
    """Return the rule in a row of its columns."""
    return ShelfLifeRule(**row._asdict())


def about(connection: Connection, customer_id: str | None, item_ids: Collection[str]) -> list[ShelfLifeRule]:
    """Return the rules about these items and this customer, his group or everybody."""
    this = shelf_life_rule.c
    group = select(customer.c.customer_group).where(customer.c.id == customer_id).scalar_subquery()
    whose = [and_(this.customer_id.is_(None), this.customer_group.is_(None))]
    if customer_id:
        whose += [this.customer_id == customer_id, this.customer_group == group]
    query = select(*_RULE).where(
        or_(this.item_id.is_(None), this.item_id.in_(sorted(item_ids))), this.days > 0, or_(*whose)
    )
    return [to_rule(row) for row in connection.execute(query)]


def allow(tx: Transaction, word: ShortDatedAllowed) -> bool:
    """Store that a lot may go to an order; false when it was allowed before."""
    values = {name: getattr(word, name) for name in _WORD} | {"allowed_at": tx.now}
    return tx.connection.execute(_ALLOW.on(tx.connection), values).first() is not None


def allowed(connection: Connection, order_id: str) -> set[LotOfItem]:
    """Return the lots that were allowed to go to an order although they do not last long enough."""
    this = short_dated_allowed.c
    rows = connection.execute(select(this.item_id, this.lot).where(this.order_id == order_id))
    return {(row.item_id, row.lot) for row in rows}
