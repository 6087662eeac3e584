"""What is worked out again to prove it: the shares of components by the bill of materials of their order."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from services.inventory.domain.production_order import ProductionOrder
from services.inventory.store import boms, items, production_orders
from services.inventory.store.production_tables import production_order

_AT_ONCE = 200


def orders_that_disagree(connection: Connection) -> Iterator[str]:
    """Return released production orders whose components are not the shares that their bill of materials says."""
    after = ""
    while some := _released(connection, after):
        versions = boms.versions(connection, {order.item_id for order in some})
        decimals = {
            item.id: item.decimals
            for item in items.known(connection, {part for order in some for part in order.item_ids}).values()
        }
        for order in some:
            assert order.bom_version is not None, "a released order has a bill of materials"
            bill = versions[order.item_id][order.bom_version - 1]
            said = {each.item_id: (each.used.milli, each.required.milli) for each in order.components}
            if said != bill.shares(order.made, order.to_make, decimals):
                yield order.id
        after = some[-1].id


def _released(connection: Connection, after: str) -> list[ProductionOrder]:
    query = select(production_order).where(production_order.c.bom_version.is_not(None))
    if after:
        query = query.where(production_order.c.id > after)
    rows = connection.execute(query.order_by(production_order.c.id).limit(_AT_ONCE)).all()
    components = production_orders.components_of(connection, [row.id for row in rows])
    return [production_orders.of_row(row, components.get(row.id, ())) for row in rows]
