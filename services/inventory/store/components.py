"""What production orders hold of stock rows, and what they still wait for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BigInteger, Connection, delete, select, type_coerce, update

from libs.common.db import upsert_into
from libs.common.quantity import Quantity
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.stock import StockKey
from services.inventory.store.production_tables import component_allocation, component_want

_PART = component_allocation
_HELD = type_coerce(_PART.c.held_milli, BigInteger)


def held(connection: Connection, production_order_id: str) -> dict[StockKey, Quantity]:
    """Return what an order holds, by stock row."""
    query = select(_PART).where(_PART.c.production_order_id == production_order_id, _PART.c.held_milli > 0)
    return {
        StockKey(row.item_id, row.warehouse_id, row.lot): row.held_milli for row in connection.execute(query)
    }


def who_holds(connection: Connection, keys: Collection[StockKey]) -> list[str]:
    """Return the orders that hold any of the stock rows, in their order."""
    found: set[str] = set()
    for key in keys:
        query = select(_PART.c.production_order_id).where(
            _PART.c.item_id == key.item_id,
            _PART.c.warehouse_id == key.warehouse_id,
            _PART.c.lot == key.lot,
            _PART.c.held_milli > 0,
        )
        found |= set(connection.execute(query).scalars())
    return sorted(found)


def hold(connection: Connection, production_order_id: str, sums: Mapping[StockKey, Quantity]) -> None:
    """Note that an order holds ``sums`` more, which are reserved on their stock rows."""
    for key, quantity in sorted(sums.items()):
        statement = upsert_into(connection, _PART).values(
            production_order_id=production_order_id, **key._asdict(), held_milli=quantity
        )
        more = type_coerce(statement.excluded.held_milli, BigInteger)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["production_order_id", "item_id", "warehouse_id", "lot"],
                set_={"held_milli": _HELD + more},
            )
        )


def let_go(connection: Connection, production_order_id: str, sums: Mapping[StockKey, Quantity]) -> bool:
    """Note that an order holds ``sums`` less; false when it does not hold so much."""
    return all(_let_go(connection, production_order_id, *each) for each in sorted(sums.items()))


def _let_go(connection: Connection, production_order_id: str, key: StockKey, quantity: Quantity) -> bool:
    statement = update(_PART).where(
        _PART.c.production_order_id == production_order_id,
        _PART.c.item_id == key.item_id,
        _PART.c.warehouse_id == key.warehouse_id,
        _PART.c.lot == key.lot,
        quantity.milli <= _HELD,
    )
    return connection.execute(statement.values(held_milli=_HELD - quantity.milli)).rowcount == 1


def want(connection: Connection, order: ProductionOrder, item_ids: Collection[str]) -> None:
    """Let the queues of the locked ``item_ids`` say what the released order still lacks of them."""
    for component in order.components:
        if component.item_id not in item_ids:
            continue
        if not component.missing:
            _leave(connection, order.id, component.item_id)
            continue
        values: dict[str, Any] = {"production_order_id": order.id, "quantity_milli": component.missing}
        statement = upsert_into(connection, component_want).values(
            item_id=component.item_id, queue_no=order.queue_no, **values
        )
        connection.execute(
            statement.on_conflict_do_update(index_elements=["item_id", "queue_no"], set_=values)
        )


def _leave(connection: Connection, production_order_id: str, item_id: str) -> None:
    connection.execute(
        delete(component_want).where(
            component_want.c.production_order_id == production_order_id, component_want.c.item_id == item_id
        )
    )


def who_wants(connection: Connection, item_id: str, *, limit: int) -> list[str]:
    """Return the first ``limit`` orders that lack some of an item, in the order of their queue."""
    query = (
        select(component_want.c.production_order_id)
        .where(component_want.c.item_id == item_id)
        .order_by(component_want.c.queue_no)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
