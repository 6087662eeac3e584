"""Send goods back to their supplier: ask, answer, ship; never more goes back than came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import supplier_returns as rules
from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import StockInsufficient
from services.inventory.domain.inspecting import Inspection
from services.inventory.domain.items import Item
from services.inventory.domain.purchase import PurchaseOrderNotFound
from services.inventory.domain.returns import ReturnedLine
from services.inventory.domain.stock import StockKey
from services.inventory.domain.supplier_returns import SupplierReturn, SupplierReturnLine, WantedBack
from services.inventory.events import (
    SupplierReturnDecided,
    SupplierReturnPart,
    SupplierReturnRequested,
    SupplierReturnShipped,
)
from services.inventory.store import items, purchase_orders, returns, stock, supplier_returns
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.send_back_serials import announce_units, keep_units, send_units
from services.inventory.use_cases.take_return import InspectReturn, inspect_return
from services.inventory.use_cases.value_stock import value_moves

SERIES = "supplier_return"


@dataclass(frozen=True)
class RequestSupplierReturn:
    """Which parts of the receipts of a purchase order are to go back, from which warehouse, and why."""

    purchase_order_id: str
    warehouse_id: str
    reason: str
    lines: tuple[WantedBack, ...]


@dataclass(frozen=True)
class AboutSupplierReturn:
    """Which return, what is said to it, and the version that was read."""

    return_id: str
    answer: str | None = None
    expected_version: int | None = None


def request_supplier_return(tx: Transaction, command: RequestSupplierReturn) -> SupplierReturn:
    """Note that goods are to go back; what is announced cannot be announced again."""
    order = purchase_orders.find(tx.connection, command.purchase_order_id)
    if order is None:
        raise PurchaseOrderNotFound("there is no such purchase order", field="purchase_order_id")
    require_open_place(tx, command.warehouse_id)
    parts = supplier_returns.parts_of_order(tx.connection, order.id)
    known = items.known(tx.connection, {part.item_id for part in parts.values()})
    lines = rules.draft(command.lines, parts, known)
    for line in lines:
        if line.from_quarantine:
            _in_quarantine(tx, line)
    _take(tx, lines)
    asked = SupplierReturn(
        id=tx.new_id(),
        number=f"SR-{next_number(tx, SERIES):06d}",
        supplier_id=order.supplier_id,
        purchase_order_id=order.id,
        purchase_order_number=order.number,
        warehouse_id=command.warehouse_id,
        state="requested",
        reason=command.reason,
        lines=lines,
        requested_by=tx.cause.actor,
    )
    supplier_returns.add(tx, asked)
    announce_units(tx, asked, known)
    publish(
        tx,
        SupplierReturnRequested(
            asked.id,
            asked.number,
            asked.supplier_id,
            asked.purchase_order_id,
            asked.purchase_order_number,
            asked.reason,
            _told(asked),
        ),
    )
    return asked


def _take(tx: Transaction, lines: tuple[SupplierReturnLine, ...]) -> None:
    """Count the lines, in the one order in which everybody does, so that nobody waits in a ring."""
    for line in sorted(lines, key=lambda line: (line.part.receipt_id, line.part.position, line.line_no)):
        if not supplier_returns.take(tx.connection, line):
            left = supplier_returns.left(tx.connection, line.part)
            raise rules.ReturnExceedsReceived(
                f"{line.part.received} came in, {left} of it may still go back",
                field=f"lines.{line.line_no - 1}.quantity",
                cure=f"ask for at most {left}",
                received=line.part.received,
                left=left,
            )


def _in_quarantine(tx: Transaction, line: SupplierReturnLine) -> ReturnedLine:
    """Return the line of the customer's return that has the goods; refuse what does not wait there as it should."""
    field = f"lines.{line.line_no - 1}.goods_return_id"
    assert line.goods_return_id is not None, "only lines from quarantine are looked for"
    found = returns.find(tx.connection, line.goods_return_id)
    waiting = (
        next((each for each in found.lines if each.line_no == line.goods_return_line), None)
        if found
        else None
    )
    if found is None or waiting is None or found.state != "received" or waiting.is_settled:
        raise rules.NotInQuarantine(
            "no such line of a return waits in quarantine",
            field=field,
            cure="choose one from GET /api/v1/returns with the state received",
        )
    if (waiting.item_id, waiting.lot, waiting.received) != (line.part.item_id, line.part.lot, line.quantity):
        raise rules.NotInQuarantine(
            f"line {waiting.line_no} of {found.number} holds {waiting.received} of another item or lot, or"
            " another quantity",
            field=field,
            cure="send back what the line holds, all of it",
            quantity=waiting.received,
        )
    return waiting


def approve_supplier_return(tx: Transaction, about: AboutSupplierReturn) -> SupplierReturn:
    """Allow the goods to go back; by somebody else than who asked."""
    asked = _lock(tx, about)
    return _decide(tx, asked, rules.approve(asked, tx.cause.actor, about.answer))


def reject_supplier_return(tx: Transaction, about: AboutSupplierReturn) -> SupplierReturn:
    """Refuse the return; what it announced may be asked for again."""
    asked = _lock(tx, about)
    return _decide(tx, asked, rules.reject(asked, about.answer or ""), gives_back=True)


def cancel_supplier_return(tx: Transaction, about: AboutSupplierReturn) -> SupplierReturn:
    """Give a return up before anything left; what it announced may be asked for again."""
    asked = _lock(tx, about)
    return _decide(tx, asked, rules.cancel(asked, about.answer or ""), gives_back=True)


def ship_supplier_return(
    tx: Transaction, about: AboutSupplierReturn, today: date, on: date | None
) -> SupplierReturn:
    """Let the goods leave: out of stock at what they are worth, or out of quarantine; never what is promised."""
    day = document_date(on, today, "shipped_on")
    seen = _seen(tx, about.return_id)
    known = items.lock(tx.connection, seen.item_ids)
    before = _lock(tx, about)
    leaving = rules.ship(before, day)
    valued = _take_from_stock(tx, leaving, known, day)
    _take_from_quarantine(tx, leaving, today)
    send_units(tx, leaving, known)
    after = replace(
        leaving, lines=tuple(replace(line, value=valued.get(line.line_no)) for line in leaving.lines)
    )
    supplier_returns.save(tx, before, after)
    cover_shortage(tx, known, may_grow=True)
    publish(
        tx,
        SupplierReturnShipped(
            after.id,
            after.number,
            after.supplier_id,
            after.purchase_order_id,
            after.purchase_order_number,
            after.warehouse_id,
            day,
            _told(after),
        ),
    )
    return replace(after, version=after.version + 1)


def _take_from_stock(
    tx: Transaction, leaving: SupplierReturn, known: Mapping[str, Item], day: date
) -> dict[int, Money | None]:
    """Take the lines off the shelves; return what each was worth, by its number."""
    lines = [line for line in leaving.lines if not line.from_quarantine]
    moves = []
    for line in lines:
        key = StockKey(line.part.item_id, leaving.warehouse_id, line.part.lot)
        if not stock.add_to_row(tx.connection, key, -line.quantity):
            raise StockInsufficient(
                f"less than {line.quantity} of {known[line.part.item_id].sku} is free there",
                field=f"lines.{line.line_no - 1}.quantity",
                cure="release what is promised to orders first, or cancel the return and ask for less",
            )
        moves.append(stock.Move(key, -line.quantity, "supplier_return", leaving.id, leaving.number, day))
    if not moves:
        return {}
    valued = value_moves(tx, known, moves)
    stock.write_moves(tx, valued)
    return {
        line.line_no: None if move.value is None else -move.value
        for line, move in zip(lines, valued, strict=True)
    }


def _take_from_quarantine(tx: Transaction, leaving: SupplierReturn, today: date) -> None:
    """Close the inspection of what a customer had sent back: it is gone, as what is scrapped is."""
    for line in leaving.lines:
        if line.from_quarantine:
            waiting = _in_quarantine(tx, line)
            gone = Inspection(
                waiting.line_no,
                restock=Quantity.zero(),
                scrap=line.quantity,
                credit=waiting.credit,
                note=f"{leaving.number}: back to the supplier",
            )
            assert line.goods_return_id is not None, "only lines from quarantine are inspected"
            inspect_return(tx, InspectReturn(line.goods_return_id, (gone,), today))


def note_credited(tx: Transaction, return_id: str, credit_note: str) -> None:
    """Note that the supplier has credited a return that was shipped; a second credit note changes nothing."""
    shipped = supplier_returns.find(tx.connection, return_id, lock=True)
    if shipped is not None and shipped.state == "shipped":
        supplier_returns.save(tx, shipped, replace(shipped, state="credited", credit_note=credit_note))


def _seen(tx: Transaction, return_id: str) -> SupplierReturn:
    seen = supplier_returns.find(tx.connection, return_id)
    if seen is None:
        raise rules.SupplierReturnNotFound("there is no such return to a supplier", field="return_id")
    return seen


def _lock(tx: Transaction, about: AboutSupplierReturn) -> SupplierReturn:
    """Return a return, kept to this transaction; refuse one that is not at the version that was read."""
    found = supplier_returns.find(tx.connection, about.return_id, lock=True)
    if found is None:
        raise rules.SupplierReturnNotFound("there is no such return to a supplier", field="return_id")
    if about.expected_version not in (None, found.version):
        raise VersionMismatch(f"return {found.number} is at version {found.version}")
    return found


def _decide(
    tx: Transaction, asked: SupplierReturn, decided: SupplierReturn, *, gives_back: bool = False
) -> SupplierReturn:
    supplier_returns.save(tx, asked, decided)
    if gives_back:
        keep_units(tx, asked)
        for line in sorted(asked.lines, key=lambda line: (line.part.receipt_id, line.part.position)):
            supplier_returns.give_back(tx.connection, line)
    publish(
        tx,
        SupplierReturnDecided(
            decided.id,
            decided.number,
            decided.supplier_id,
            decided.purchase_order_id,
            decided.state,
            decided.answer,
        ),
    )
    return replace(decided, version=decided.version + 1)


def _told(of: SupplierReturn) -> tuple[SupplierReturnPart, ...]:
    return tuple(
        SupplierReturnPart(
            line_no=line.line_no,
            line_id=line.part.purchase_order_line_id,
            item_id=line.part.item_id,
            quantity=line.quantity,
            unit_price=line.part.unit_price,
            lot=line.part.lot or None,
            value=line.value,
            serials=line.serials,
        )
        for line in of.lines
    )
