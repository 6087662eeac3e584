"""Units that go back to their supplier: announced by serial, and sent back as announced, from shelf or quarantine."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.db import Transaction
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import SerialAnnounced
from services.inventory.domain.supplier_returns import (
    NotInQuarantine,
    SerialNotOfReceipt,
    SupplierReturn,
    SupplierReturnLine,
)
from services.inventory.store import serials, supplier_return_serials
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.move_serials import Happening, move, not_there

Known = Mapping[str, Item]


def announce_units(tx: Transaction, asked: SupplierReturn, known: Known) -> None:
    """Note which units are to go back: such as came in with the receipt and lie where the line says."""
    for line in asked.lines:
        if not line.serials:
            continue
        item, field = known[line.part.item_id], f"lines.{line.line_no - 1}.serials"
        _require_of_receipt(tx, line, item, field)
        _require_there(tx, asked, line, item, field)
        for name in line.serials:
            if not supplier_return_serials.announce(tx.connection, asked.id, line.line_no, item.id, name):
                raise SerialAnnounced(
                    f"serial {name} is on another return to a supplier", field=field, serial=name
                )


def _require_of_receipt(tx: Transaction, line: SupplierReturnLine, item: Item, field: str) -> None:
    came_with = serials.came_in_with(tx.connection, item.id, line.serials)
    for name in line.serials:
        if came_with.get(name) != line.part.receipt_id:
            raise SerialNotOfReceipt(
                f"serial {name} of {item.sku} did not come in with this receipt", field=field, serial=name
            )


def _require_there(
    tx: Transaction, asked: SupplierReturn, line: SupplierReturnLine, item: Item, field: str
) -> None:
    if line.goods_return_id is not None and line.goods_return_line is not None:
        waiting = serials.announced(tx.connection, line.goods_return_id, "in_quarantine")
        if sorted(line.serials) != sorted(waiting.get(line.goods_return_line, ())):
            raise NotInQuarantine(
                "the line of the return holds other units",
                field=field,
                cure="name the units that the return shows in quarantine, all of them",
            )
        return
    here = {each.serial: each for each in serials.some_of(tx.connection, item.id, line.serials)}
    for name in line.serials:
        each = here.get(name)
        if each is None or (each.state, each.warehouse_id) != ("in_stock", asked.warehouse_id):
            raise not_there(tx, item, name, field)


def send_units(tx: Transaction, leaving: SupplierReturn, known: Known) -> None:
    """Let the announced units leave: off the shelf, or out of the inspection that wrote them off.

    A unit that was picked, moved or lost since it was announced is refused by its name.
    """
    for line in leaving.lines:
        item, field = known[line.part.item_id], f"lines.{line.line_no - 1}.serials"
        gone = Happening("sent_back", Place("sent_back", leaving.id), leaving.number)
        lies = Before("in_stock", leaving.warehouse_id)
        if line.from_quarantine:
            lies = Before("scrapped", document_id=line.goods_return_id)
        move(tx, item, line.serials, [lies], gone, field)
    supplier_return_serials.settle(tx.connection, leaving.id, "sent")


def keep_units(tx: Transaction, given_up: SupplierReturn) -> None:
    """Let the units of a return that does not happen be announced again."""
    supplier_return_serials.settle(tx.connection, given_up.id, "kept")
