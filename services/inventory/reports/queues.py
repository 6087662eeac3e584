"""Who waits for what."""

from __future__ import annotations

from sqlalchemy import Connection, select, union

from services.inventory.store.production_tables import component_want
from services.inventory.store.tables import stock, waiting


def items_waited_for_in_stock(connection: Connection) -> list[str]:
    """Return the items that somebody waits for although some of them are available."""
    in_stock = select(stock.c.item_id).where(stock.c.on_hand_milli > stock.c.reserved_milli, ~stock.c.expired)
    waited_for = union(
        *(select(queue.c.item_id).where(queue.c.item_id.in_(in_stock)) for queue in (waiting, component_want))
    )
    return sorted(connection.execute(waited_for).scalars())
