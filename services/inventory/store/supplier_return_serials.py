"""Which units a return to a supplier names, and what became of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from libs.common.db import Upsert
from services.inventory.store.supplier_return_tables import supplier_return_serial

_ANNOUNCE = Upsert(
    supplier_return_serial,
    lambda given: given.on_conflict_do_nothing().returning(supplier_return_serial.c.serial),
)
ByLine = dict[tuple[str, int], tuple[str, ...]]


def announce(connection: Connection, return_id: str, line_no: int, item_id: str, name: str) -> bool:
    """Note that a unit is to go back; false when another open return says so."""
    values = {
        "return_id": return_id,
        "line_no": line_no,
        "item_id": item_id,
        "serial": name,
        "outcome": "announced",
    }
    return connection.execute(_ANNOUNCE.on(connection), values).first() is not None


def settle(connection: Connection, return_id: str, outcome: str) -> None:
    """Note what became of the units of a return: *sent*, or *kept* because it does not happen."""
    this = supplier_return_serial.c
    still = update(supplier_return_serial).where(this.return_id == return_id, this.outcome == "announced")
    connection.execute(still.values(outcome=outcome))


def of_returns(connection: Connection, return_ids: Collection[str]) -> ByLine:
    """Return the units of returns by return and line, in their order."""
    this = supplier_return_serial.c
    query = select(this.return_id, this.line_no, this.serial).where(this.return_id.in_(sorted(return_ids)))
    found: ByLine = {}
    for row in connection.execute(query.order_by(this.return_id, this.line_no, this.serial)):
        key = (row.return_id, row.line_no)
        found[key] = (*found.get(key, ()), row.serial)
    return found
