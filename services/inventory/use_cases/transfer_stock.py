"""Transfer stock between warehouses: ask for it, let it leave, take it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import transfers as rules
from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import StockLimitExceeded, UnknownItem
from services.inventory.domain.items import Item, Warehouse, require_lot, require_quantity
from services.inventory.domain.stock import StockKey
from services.inventory.domain.transfers import Arrival, Transfer, TransferLine
from services.inventory.events import (
    StockReceived,
    TransferCancelled,
    TransferReceived,
    TransferredLine,
    TransferRequested,
    TransferShipped,
)
from services.inventory.store import items, stock, transfers, warehouses
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.transfer_serials import SentSerials, send_serials, take_in_serials
from services.inventory.use_cases.value_stock import value_moves


@dataclass(frozen=True)
class WantedPart:
    """How much of an item shall go; with ``lot`` just that one."""

    item_id: str
    quantity: Quantity
    lot: str | None = None


@dataclass(frozen=True)
class RequestTransfer:
    """What shall go from where to where."""

    from_id: str
    to_id: str
    lines: tuple[WantedPart, ...]
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class AboutTransfer:
    """Which transfer, on which day (``today`` if not said)."""

    transfer_id: str
    today: date
    on: date | None = None
    expected_version: int | None = None


def request_transfer(tx: Transaction, command: RequestTransfer) -> Transfer:
    """Write down what shall go; it holds nothing, so that no order waits for a van that may never come."""
    require_open_place(tx, command.from_id, "from_id")
    require_open_place(tx, command.to_id, "to_id")
    if command.from_id == command.to_id:
        raise rules.SameWarehouse("the goods are there already", field="to_id")
    known = items.known(tx.connection, [line.item_id for line in command.lines])
    lines = tuple(_line(known, n, part) for n, part in enumerate(command.lines, 1))
    new = Transfer(
        id=tx.new_id(),
        number=f"TR-{next_number(tx, 'transfer'):06d}",
        from_id=command.from_id,
        to_id=command.to_id,
        state="requested",
        lines=lines,
        requested_by=command.by,
        note=command.note,
    )
    transfers.add(tx, new)
    told = _told(known, ((line.line_no, line.item_id, line.lot, line.quantity) for line in lines))
    publish(tx, TransferRequested(new.id, new.number, new.from_id, new.to_id, told))
    return new


def _line(known: Mapping[str, Item], n: int, part: WantedPart) -> TransferLine:
    field, item = f"lines.{n - 1}", known.get(part.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field=f"{field}.item_id", cure="list the items")
    require_quantity(item, part.quantity, f"{field}.quantity")
    if part.lot is not None:
        require_lot(item, part.lot, f"{field}.lot")
    return TransferLine(n, item.id, part.quantity, part.lot or None)


def ship_transfer(tx: Transaction, about: AboutTransfer, named: Sequence[SentSerials] = ()) -> Transfer:
    """Let the goods leave: out of the one warehouse, under way, and never what is promised to orders."""
    before, known = _lock(tx, about)
    day = document_date(about.on, about.today, "shipped_on")
    set_aside(tx, known, about.today)
    rows = [row for row in stock.rows(tx.connection, known) if row.key.warehouse_id == before.from_id]
    after = rules.ship(before, rows, day)
    transfers.save(tx, before, after)
    transit = _transit_to(tx, before.to_id)
    send_serials(tx, after, named, known, transit.id)
    moves = []
    for part in after.parts:
        moves += _moved(tx, after, part.item_id, part.lot, part.shipped, (before.from_id, transit.id), day)
    stock.write_moves(tx, moves)
    told = _told(known, ((part.line_no, part.item_id, part.lot, part.shipped) for part in after.parts))
    publish(tx, TransferShipped(after.id, after.number, after.from_id, after.to_id, day, told))
    return replace(after, version=after.version + 1)


def receive_transfer(
    tx: Transaction, about: AboutTransfer, arrivals: Sequence[Arrival], reason: str | None
) -> Transfer:
    """Take in what arrived, which serves who waits for it, and write off what is lost at its share of the value."""
    before, known = _lock(tx, about)
    day = document_date(about.on, about.today, "received_on")
    after = rules.receive(before, arrivals, reason)
    transfers.save(tx, before, after)
    transit = _transit_to(tx, before.to_id)
    moves, losses = [], []
    changed = rules.moved(before, after)
    take_in_serials(tx, after, changed, arrivals, known)
    for part, received, lost in changed:
        if received:
            moves += _moved(tx, after, part.item_id, part.lot, received, (transit.id, after.to_id), day)
            come = StockReceived(after.id, part.item_id, after.to_id, received, part.lot or None)
            publish(tx, come)
        if lost:
            key = StockKey(part.item_id, transit.id, part.lot)
            _put(tx, key, -lost, after)
            losses.append(stock.Move(key, -lost, "scrap", after.id, after.number, day))
    stock.write_moves(tx, [*moves, *value_moves(tx, known, losses)])
    less = set_aside(tx, known, about.today)
    cover_shortage(tx, known, may_grow=bool(losses) or less)
    _tell_received(tx, known, after, changed, reason)
    return replace(after, version=after.version + 1)


def cancel_transfer(tx: Transaction, about: AboutTransfer, reason: str) -> Transfer:
    """Give a transfer up before anything left."""
    before, _ = _lock(tx, about)
    after = rules.cancel(before, reason)
    transfers.save(tx, before, after)
    publish(tx, TransferCancelled(after.id, after.number, reason))
    return replace(after, version=after.version + 1)


def _lock(tx: Transaction, about: AboutTransfer) -> tuple[Transfer, dict[str, Item]]:
    """Lock items, then the transfer: the same order as everybody, so nobody waits in a ring."""
    seen = transfers.find(tx.connection, about.transfer_id)
    if seen is None:
        raise rules.TransferNotFound("there is no such transfer", field="transfer_id")
    known = items.lock(tx.connection, seen.item_ids)
    found = transfers.find(tx.connection, about.transfer_id, lock=True)
    assert found is not None, "a transfer stays"
    if about.expected_version not in (None, found.version):
        raise VersionMismatch(f"transfer {found.number} is at version {found.version}")
    return found, known


def _moved(
    tx: Transaction,
    of: Transfer,
    item_id: str,
    lot: str,
    quantity: Quantity,
    way: tuple[str, str],
    day: date,
) -> list[stock.Move]:
    """Move stock from one place to the other; return both moves for the ledger, which are worth nothing together."""
    moves = []
    for warehouse_id, signed in zip(way, (-quantity, quantity), strict=True):
        key = StockKey(item_id, warehouse_id, lot)
        _put(tx, key, signed, of)
        moves.append(stock.Move(key, signed, "transfer", of.id, of.number, day))
    return moves


def _put(tx: Transaction, key: StockKey, quantity: Quantity, of: Transfer) -> None:
    if stock.add_to_row(tx.connection, key, quantity):
        return
    if quantity.milli < 0:
        raise RuntimeError(f"transfer {of.number} takes more than there is, under the lock of its items")
    if stock.has_row(tx.connection, key):
        raise StockLimitExceeded(
            "more would lie there than can be counted", field="transfer_id", cure="receive less at a time"
        )
    stock.add_row(tx, key, quantity, stock.expiry_of(tx.connection, key.item_id, key.lot))


def _transit_to(tx: Transaction, warehouse_id: str) -> Warehouse:
    """Return the place where goods are while they are under way to a warehouse; the first transfer opens it."""
    place = warehouses.find(tx.connection, warehouse_id)
    assert place is not None, "a transfer goes to a warehouse"
    for code in (f"{place.code[:30]}-T", f"T-{place.id[-30:]}"):
        found = warehouses.transit_to(tx.connection, place.id)
        if found is not None:
            return found
        name = f"Under way to {place.name}"[:200]
        warehouses.add(
            tx.connection, Warehouse(tx.new_id(), code, name, is_default=False, transit_to=place.id), tx.now
        )
    found = warehouses.transit_to(tx.connection, place.id)
    assert found is not None, "the second code holds the warehouse's own id"
    return found


def _told(
    known: Mapping[str, Item], parts: Iterable[tuple[int, str, str | None, Quantity]]
) -> tuple[TransferredLine, ...]:
    return tuple(
        TransferredLine(line_no, item_id, known[item_id].sku, quantity, lot or None)
        for line_no, item_id, lot, quantity in parts
    )


def _tell_received(
    tx: Transaction,
    known: Mapping[str, Item],
    after: Transfer,
    changed: Sequence[tuple[rules.TransferPart, Quantity, Quantity]],
    reason: str | None,
) -> None:
    arrived = ((part.line_no, part.item_id, part.lot, came) for part, came, _ in changed if came)
    lost = ((part.line_no, part.item_id, part.lot, gone) for part, _, gone in changed if gone)
    event = TransferReceived(
        after.id,
        after.number,
        after.to_id,
        _told(known, arrived),
        _told(known, lost),
        complete=after.state == "received",
        reason=reason,
    )
    publish(tx, event)
