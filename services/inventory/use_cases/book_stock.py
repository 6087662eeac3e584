"""Book stock in: opening stock, receipts and corrections, each a document with lines in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.db import Transaction, next_number
from libs.common.money import Money, Price
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import (
    LotExpiryDiffers,
    QuantityNotPositive,
    QuarantineIsForReturns,
    StockInsufficient,
    StockLimitExceeded,
    TransitIsForTransfers,
    UnknownItem,
    UnknownWarehouse,
)
from services.inventory.domain.items import (
    Item,
    Warehouse,
    require_granularity,
    require_lot,
    require_quantity,
)
from services.inventory.domain.serials import require_once, require_serials, require_total
from services.inventory.domain.stock import StockKey, StockRow
from services.inventory.domain.valuation import CostOfLess, Worth
from services.inventory.events import StockFreed, StockReceived
from services.inventory.store import items, queue, stock, warehouses
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.move_serials import Happening, move, take_in
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.value_stock import value_moves

Kind = Literal["opening", "receipt", "adjustment"]
_DAY: dict[Kind, str] = {"opening": "booked_on", "receipt": "received_on", "adjustment": "adjusted_on"}
_PREFIX = {"opening": "OS", "receipt": "GR", "adjustment": "SA"}


@dataclass(frozen=True)
class StockLine:
    """How much of an item (and lot) is booked; ``quantity`` is negative only in corrections.

    ``unit_cost`` is what a unit of it is worth; else what it was ``bought_at``, if that is in the currency in which
    the item is valued; else what those in stock are. ``serials`` name each unit of an item that is kept by serial.
    """

    item_id: str
    quantity: Quantity
    lot: str | None = None
    expires_on: date | None = None
    unit_cost: Price | None = None
    bought_at: Price | None = None
    serials: tuple[str, ...] = ()

    def worth(self, at: str) -> Worth:
        """Return what the goods of the line ``at`` are worth."""
        given = self.unit_cost is not None
        return Worth(self.unit_cost if given else self.bought_at, firm=given, at=at)


@dataclass(frozen=True)
class BookStock:
    """A document that changes what lies in a warehouse; ``reference`` is its number in the outer world."""

    kind: Kind
    warehouse_id: str
    lines: tuple[StockLine, ...]
    today: date
    booked_on: date | None = None
    reference: str | None = None


@dataclass(frozen=True)
class StockDocument:
    """What was booked; ``values`` are what its lines were worth, where known."""

    id: str
    number: str
    kind: Kind
    warehouse_id: str
    booked_on: date
    reference: str | None
    lines: tuple[StockLine, ...]
    values: tuple[Money | None, ...] = ()


def book_stock(tx: Transaction, command: BookStock) -> StockDocument:
    """Put every line on its stock row and into the ledger, and tell those who wait.

    All or nothing: one bad line refuses the document. Orders that wait for the items are served right after the
    commit, by ``serve_waiting``, because that may take many transactions.
    """
    place = require_open_place(tx, command.warehouse_id)
    booked_on = document_date(command.booked_on, command.today, _DAY[command.kind])
    known = items.lock(tx.connection, [line.item_id for line in command.lines])
    keys = [_checked_key(known, command, index) for index in range(len(command.lines))]
    command = replace(command, lines=serials_named(known, command.lines))
    rows = {row.key: row for row in stock.rows(tx.connection, known)}
    for index, (key, line) in enumerate(zip(keys, command.lines, strict=True)):
        _put(tx, rows, key, line, f"lines.{index}")
    less = any(line.quantity.milli < 0 for line in command.lines)
    if any(line.expires_on and line.expires_on < command.today for line in command.lines):
        less |= set_aside(tx, known, command.today)
    document = _document(tx, command, booked_on)
    _book_serials(tx, document, known, place)
    moves = [
        stock.Move(key, line.quantity, command.kind, document.id, document.number, booked_on)
        for key, line in zip(keys, command.lines, strict=True)
    ]
    worths = [line.worth(f"lines.{index}") for index, line in enumerate(command.lines)]
    ordered = any(line.bought_at is not None for line in command.lines)
    valued = value_moves(tx, known, moves, worths, told_elsewhere=ordered)
    stock.write_moves(tx, valued)
    document = replace(document, values=tuple(move.value for move in valued))
    _tell(tx, document, keys)
    cover_shortage(tx, known, may_grow=less)
    return document


def serials_named(known: Mapping[str, Item], lines: Sequence[StockLine]) -> tuple[StockLine, ...]:
    """Return ``lines`` with each serial by its name; refuse other than one per unit, and one that stands twice."""
    seen: dict[str, set[str]] = {}
    named: list[StockLine] = []
    for index, line in enumerate(lines):
        field = f"lines.{index}.serials"
        names = require_serials(known[line.item_id], line.quantity, line.serials, field)
        before = seen.setdefault(line.item_id, set())
        require_once(names, field, before)
        before |= set(names)
        require_total(sum(map(len, seen.values())), field)
        named.append(replace(line, serials=names))
    return tuple(named)


def _book_serials(
    tx: Transaction, document: StockDocument, known: Mapping[str, Item], place: Warehouse
) -> None:
    for index, line in enumerate(document.lines):
        item, field = known[line.item_id], f"lines.{index}.serials"
        if line.quantity.milli > 0:
            kind = "found" if document.kind == "adjustment" else "received"
            here = Happening(kind, Place("in_stock", document.id, place.id), document.number)
            take_in(tx, item, line.serials, here, field)
        else:
            gone = Happening("lost", Place("lost", document.id), document.number)
            move(tx, item, line.serials, [Before("in_stock", place.id)], gone, field)


def require_open_place(tx: Transaction, warehouse_id: str, field: str = "warehouse_id") -> Warehouse:
    """Return the warehouse; refuse an unknown one, and a place of quarantine or of what is under way."""
    found = warehouses.find(tx.connection, warehouse_id)
    if found is None:
        raise UnknownWarehouse("there is no such warehouse", field=field, cure="list the warehouses")
    if found.quarantine_of is not None:
        raise QuarantineIsForReturns(f"{found.code} is a place of quarantine", field=field)
    if found.transit_to is not None:
        raise TransitIsForTransfers(f"{found.code} is where goods are under way", field=field)
    return found


def _checked_key(known: Mapping[str, Item], command: BookStock, index: int) -> StockKey:
    line, field = command.lines[index], f"lines.{index}"
    item = known.get(line.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field=f"{field}.item_id", cure="register the item first")
    if command.kind == "adjustment":
        _require_correction(item, line, field)
    else:
        require_quantity(item, line.quantity, f"{field}.quantity")
    return StockKey(item.id, command.warehouse_id, require_lot(item, line.lot, f"{field}.lot"))


def _require_correction(item: Item, line: StockLine, field: str) -> None:
    if not line.quantity:
        raise QuantityNotPositive(
            "a correction of nothing", field=f"{field}.quantity", cure="leave the line out"
        )
    require_granularity(item, line.quantity, f"{field}.quantity")
    if line.quantity.milli < 0 and line.unit_cost is not None:
        raise CostOfLess("what is gone goes at the current cost", field=f"{field}.unit_cost")


def _put(tx: Transaction, rows: dict[StockKey, StockRow], key: StockKey, line: StockLine, field: str) -> None:
    row = rows.get(key)
    if row is None:
        _put_first(tx, rows, key, line, field)
        return
    _settle_expiry(tx, row, line, field)
    if stock.add_to_row(tx.connection, key, line.quantity):
        return
    if line.quantity.milli > 0:
        raise StockLimitExceeded(
            "more would lie there than can be counted", field=f"{field}.quantity", cure="check the quantity"
        )
    raise _insufficient(field)


def _put_first(
    tx: Transaction, rows: dict[StockKey, StockRow], key: StockKey, line: StockLine, field: str
) -> None:
    if line.quantity.milli < 0:
        raise _insufficient(field)
    stock.add_row(tx, key, line.quantity, line.expires_on)
    rows.update({row.key: row for row in stock.rows(tx.connection, [key.item_id])})


def _insufficient(field: str) -> StockInsufficient:
    return StockInsufficient(
        "less is available there than the correction takes away",
        field=f"{field}.quantity",
        cure="release what is promised to orders first, or correct by less",
    )


def _settle_expiry(tx: Transaction, row: StockRow, line: StockLine, field: str) -> None:
    if line.expires_on is None or line.expires_on == row.expires_on:
        return
    if row.expires_on is not None:
        raise LotExpiryDiffers(
            f"lot {row.key.lot} is booked as expiring on {row.expires_on.isoformat()}",
            field=f"{field}.expires_on",
            cure="check the date that is printed on the goods",
        )
    stock.set_expiry(tx.connection, row.key, line.expires_on)


def _document(tx: Transaction, command: BookStock, booked_on: date) -> StockDocument:
    number = f"{_PREFIX[command.kind]}-{next_number(tx, command.kind):06d}"
    document_id = stock.add_document(
        tx,
        number=number,
        kind=command.kind,
        warehouse_id=command.warehouse_id,
        booked_on=booked_on,
        reference=command.reference,
    )
    return StockDocument(
        document_id, number, command.kind, command.warehouse_id, booked_on, command.reference, command.lines
    )


def _tell(tx: Transaction, document: StockDocument, keys: list[StockKey]) -> None:
    if document.kind == "adjustment":
        more = {
            key.item_id for key, line in zip(keys, document.lines, strict=True) if line.quantity.milli > 0
        }
        for item_id in queue.items_waited_for(tx.connection, more):
            publish(tx, StockFreed(item_id, "adjusted"))
        return
    for key, line in zip(keys, document.lines, strict=True):
        publish(tx, StockReceived(document.id, key.item_id, key.warehouse_id, line.quantity, line.lot))
