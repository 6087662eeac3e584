"""Take returned goods into quarantine, inspect them, and put them on the shelves again or scrap them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import inspecting
from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import ReturnNotFound, StockLimitExceeded
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.returns import GoodsReturn, ReturnedLine
from services.inventory.domain.stock import StockKey
from services.inventory.domain.valuation import Worth
from services.inventory.events import InspectedLine, ReturnInspected, ReturnReceived, StockReceived
from services.inventory.store import items, returns, serials, stock, warehouses
from services.inventory.use_cases.ask_return import AnswerReturn, lock_return, told_line
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.return_serials import inspect_serials, receive_serials
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.tell_value import tell_moves
from services.inventory.use_cases.value_return import with_costs
from services.inventory.use_cases.value_stock import value_moves


@dataclass(frozen=True)
class ReceiveReturn:
    """Where returned goods arrived and when (``today`` if not said); ``parts`` when not everything came."""

    return_id: str
    warehouse_id: str
    today: date
    received_on: date | None = None
    parts: tuple[ReceivedPart, ...] = ()
    expected_version: int | None = None


@dataclass(frozen=True)
class InspectReturn:
    """What becomes of lines that wait in quarantine."""

    return_id: str
    inspections: tuple[Inspection, ...]
    today: date
    expected_version: int | None = None


def receive_return(tx: Transaction, command: ReceiveReturn) -> GoodsReturn:
    """Book what came into the warehouse's quarantine; what did not come may be asked for again."""
    place = require_open_place(tx, command.warehouse_id)
    day = document_date(command.received_on, command.today, "received_on")
    approved, known = _lock(tx, command.return_id, command.expected_version)
    received = inspecting.receive(approved, command.parts, known, place.id, day)
    returns.save(tx, approved, received)
    for line in sorted(received.lines, key=lambda line: (line.order_line_id, line.lot)):
        if line.received != line.quantity:
            returns.give_back(tx.connection, received.delivery_id, line, line.quantity - line.received)
    quarantine = _quarantine_of(tx, place)
    receive_serials(tx, received, command.parts, known, quarantine.id)
    came = ((quarantine.id, line, line.received) for line in received.lines)
    stock.write_moves(tx, _moved(tx, received, "return", day, came))
    told = ReturnReceived(
        return_id=received.id,
        number=received.number,
        order_id=received.order_id,
        warehouse_id=place.id,
        received_on=day,
        lines=tuple(told_line(line, line.received) for line in received.lines if line.received),
    )
    publish(tx, told, correlation_id=received.correlation_id)
    return replace(received, version=received.version + 1)


def inspect_return(tx: Transaction, command: InspectReturn) -> GoodsReturn:
    """Move what was inspected out of quarantine: to the shelves, where it serves who waits for it, or to scrap.

    When the last line is inspected the return is closed and told of, so that it is credited.
    """
    waiting, known = _lock(tx, command.return_id, command.expected_version)
    after = with_costs(tx, waiting, inspecting.inspect(waiting, command.inspections, known))
    returns.save(tx, waiting, after)
    assert after.warehouse_id is not None, "what was received lies somewhere"
    quarantine = warehouses.quarantine_of(tx.connection, after.warehouse_id)
    assert quarantine is not None, "what was received lies in quarantine"
    named = {each.line_no for each in command.inspections}
    done = [line for line in after.lines if line.line_no in named]
    inspect_serials(tx, after, command.inspections, known, quarantine.id)
    _put_away(tx, after, known, command.today, quarantine.id, done)
    for line in done:
        if line.restocked:
            come = StockReceived(after.id, line.item_id, after.warehouse_id, line.restocked, line.lot or None)
            publish(tx, come)
    back = {line.item_id for line in done if line.restocked}
    set_aside(tx, back, command.today)
    cover_shortage(tx, back, may_grow=False)
    if after.state == "closed":
        _tell_inspected(tx, after, command.today)
    return replace(after, version=after.version + 1)


def _put_away(
    tx: Transaction,
    after: GoodsReturn,
    known: Mapping[str, Item],
    day: date,
    quarantine_id: str,
    done: Sequence[ReturnedLine],
) -> None:
    """Move inspected lines out of quarantine; what is restocked is worth again what it was when it left."""
    assert after.warehouse_id is not None, "what was received lies somewhere"
    out = _moved(tx, after, "restock", day, ((quarantine_id, line, -line.restocked) for line in done))
    back = [line for line in done if line.restocked]
    shelf = _moved(tx, after, "restock", day, ((after.warehouse_id, line, line.restocked) for line in back))
    gone = _moved(tx, after, "scrap", day, ((quarantine_id, line, -line.scrapped) for line in done))
    worths = [Worth(in_all=line.cost, at="lines") for line in back]
    valued = value_moves(tx, known, shelf, worths, told_elsewhere=True)
    # What cost something when it left is told with the return, when it is closed; the rest nobody else tells.
    tell_moves(
        tx,
        {item_id: item.sku for item_id, item in known.items()},
        (move for move, worth in zip(valued, worths, strict=True) if worth.in_all is None),
    )
    stock.write_moves(tx, [*out, *valued, *gone])


def _lock(
    tx: Transaction, return_id: str, expected_version: int | None
) -> tuple[GoodsReturn, dict[str, Item]]:
    """Lock items, then the return: the same order as everybody, so nobody waits in a ring."""
    seen = returns.find(tx.connection, return_id)
    if seen is None:
        raise ReturnNotFound("there is no such return", field="return_id")
    known = items.lock(tx.connection, seen.item_ids)
    return lock_return(tx, AnswerReturn(return_id, expected_version=expected_version)), known


def _quarantine_of(tx: Transaction, place: Warehouse) -> Warehouse:
    """Return the warehouse's place of quarantine; its first return opens it."""
    for code in (f"{place.code[:30]}-Q", f"Q-{place.id[-30:]}"):
        found = warehouses.quarantine_of(tx.connection, place.id)
        if found is not None:
            return found
        name = f"{place.name[:180]} (quarantine)"
        new = Warehouse(tx.new_id(), code, name, is_default=False, quarantine_of=place.id)
        warehouses.add(tx.connection, new, tx.now)
    found = warehouses.quarantine_of(tx.connection, place.id)
    assert found is not None, "the second code holds the warehouse's own id"
    return found


def _moved(
    tx: Transaction,
    of: GoodsReturn,
    kind: str,
    day: date,
    parts: Iterable[tuple[str, ReturnedLine, Quantity]],
) -> list[stock.Move]:
    """Put quantities of lines on stock rows, and return the moves for the ledger; the items are locked."""
    moves = []
    for warehouse_id, line, quantity in parts:
        if not quantity:
            continue
        key = StockKey(line.item_id, warehouse_id, line.lot)
        if not stock.add_to_row(tx.connection, key, quantity):
            _first(tx, key, quantity, of)
        moves.append(stock.Move(key, quantity, kind, of.id, of.number, day))
    return moves


def _first(tx: Transaction, key: StockKey, quantity: Quantity, of: GoodsReturn) -> None:
    """Make the stock row; when there is one, it had no place for the quantity."""
    if quantity < Quantity.zero():
        raise RuntimeError(f"return {of.number} holds more than its quarantine")
    if stock.has_row(tx.connection, key):
        raise StockLimitExceeded(
            "more would lie there than can be counted", field="warehouse_id", cure="choose another warehouse"
        )
    stock.add_row(tx, key, quantity, stock.expiry_of(tx.connection, key.item_id, key.lot))


def _tell_inspected(tx: Transaction, closed: GoodsReturn, day: date) -> None:
    back = serials.announced(tx.connection, closed.id, "restocked", "scrapped")
    scrapped = serials.announced(tx.connection, closed.id, "scrapped")
    inspected = ReturnInspected(
        return_id=closed.id,
        number=closed.number,
        delivery_id=closed.delivery_id,
        delivery_number=closed.delivery_number,
        order_id=closed.order_id,
        order_number=closed.order_number,
        customer_id=closed.customer_id,
        reason=closed.reason,
        inspected_on=day,
        lines=tuple(
            InspectedLine(
                order_line_id=line.order_line_id,
                item_id=line.item_id,
                quantity=line.received,
                restocked=line.restocked,
                scrapped=line.scrapped,
                credit=line.credit,
                lot=line.lot or None,
                cost=line.cost,
                serials=tuple(back.get(line.line_no, ())),
                scrapped_serials=tuple(scrapped.get(line.line_no, ())),
            )
            for line in closed.lines
            if line.received
        ),
    )
    publish(tx, inspected, correlation_id=closed.correlation_id)
