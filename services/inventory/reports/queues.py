"""Who waits for what."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.inventory.store.tables import stock, waiting


def items_waited_for_in_stock(connection: Connection) -> list[str]:
    """Return the items that somebody waits for although some of them are available."""
    in_stock = select(stock.c.item_id).where(stock.c.on_hand_milli > stock.c.reserved_milli)
    statement = select(waiting.c.item_id).distinct().where(waiting.c.item_id.in_(in_stock))
    return list(connection.execute(statement.order_by(waiting.c.item_id)).scalars())
