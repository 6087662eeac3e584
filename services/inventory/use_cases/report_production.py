"""Report what was made: components leave the stock, what was finished comes in, and those who wait for it are served.

Each report is one document: the moves of its components and the move of what was finished bear its id, so that the
value of what came in is the value of what went out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import production_order as rules
from services.inventory.domain.bom import Bom
from services.inventory.domain.consumption import ActualUse, ConsumptionLine
from services.inventory.domain.dates import document_date
from services.inventory.domain.errors import LotExpiryDiffers, LotNotTracked, StockLimitExceeded
from services.inventory.domain.items import NO_LOT, Item, require_granularity, require_lot
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.stock import StockKey
from services.inventory.domain.valuation import Worth
from services.inventory.events import ConsumedLine, ProductionFinished, ProductionOrderClosed, StockReceived
from services.inventory.store import boms, production_orders, stock
from services.inventory.store.serials import Place
from services.inventory.use_cases.assign_components import assign, free_surplus
from services.inventory.use_cases.consume_components import Document, consume
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.expired_components import let_expired_go
from services.inventory.use_cases.move_serials import Happening, take_in
from services.inventory.use_cases.production_orders import end_components, locked_production_order
from services.inventory.use_cases.set_aside_expired import set_aside
from services.inventory.use_cases.use_serials import finished_serials
from services.inventory.use_cases.value_stock import value_moves


@dataclass(frozen=True)
class ReportProduction:
    """What was made of an order, good and bad; components that ``consumed`` does not name were used up by the bill.

    ``reason`` says why something was scrapped; ``lot``, ``expires_on`` and ``serials`` are of what was finished.
    """

    production_order_id: str
    finished: Quantity
    scrapped: Quantity
    today: date
    reason: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    consumed: tuple[ActualUse, ...] = ()
    reported_on: date | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class CloseProduction:
    """Of which order no more is made, and why; ``accept_shortfall``: also if that is less than its tolerance allows."""

    production_order_id: str
    reason: str
    accept_shortfall: bool = False
    expected_version: int | None = None


def report_production(tx: Transaction, command: ReportProduction) -> ProductionOrder:
    """Book what was made and what it used up, all or nothing; with the last of it the order is done.

    What was scrapped is made once more: its components are reserved, or asked for, anew.
    """
    before, known = locked_production_order(tx, command.production_order_id, command.expected_version)
    item, bom = known[before.item_id], _bom_of(tx, before, "reported on")
    rules.require_report(before, command.finished, command.scrapped, command.reason)
    require_granularity(item, command.finished, "finished")
    require_granularity(item, command.scrapped, "scrapped")
    lot = _lot(item, command)
    names = finished_serials(item, command.finished, command.serials)
    set_aside(tx, known, command.today)
    before = let_expired_go(tx, before)
    day = document_date(command.reported_on, command.today, "reported_on")
    after = rules.report(before, bom, known, command.finished, command.scrapped)
    document = Document(tx.new_id(), before.number, day)
    used, lines, worth = consume(
        tx, before, production_orders.save(tx, after), known, command.consumed, document
    )
    production_orders.save_components(tx, before, used)
    production_orders.add_report(
        tx,
        used,
        report_id=document.id,
        finished=command.finished,
        scrapped=command.scrapped,
        lot=lot,
        reason=command.reason,
        reported_on=day,
        lines=lines,
    )
    if command.finished:
        _take_in(tx, used, known, document, lot, worth, command)
        here = Place("in_stock", document.id, used.warehouse_id)
        take_in(tx, item, names, Happening("made", here, document.number), "serials")
    _tell_finished(tx, used, document, known, lines, command)
    return _go_on(tx, before, used, lines)


def close_production(tx: Transaction, command: CloseProduction) -> ProductionOrder:
    """Expect no more of an order; its components become free, and what waiting orders lack is asked for anew."""
    before, known = locked_production_order(tx, command.production_order_id, command.expected_version)
    bom = _bom_of(tx, before, "closed")
    after = rules.close(
        before, bom, known[before.item_id], command.reason, accept_shortfall=command.accept_shortfall
    )
    saved = production_orders.save(tx, after)
    production_orders.save_components(tx, before, saved)
    over = end_components(tx, saved)
    _tell_closed(tx, over)
    cover_shortage(tx, [over.item_id], may_grow=True)
    return over


def _bom_of(tx: Transaction, order: ProductionOrder, verb: str) -> Bom:
    """Return the bill that a running order is made by; refuse one that is not running."""
    rules.require_state(order, ("running",), verb)
    assert order.bom_version is not None, "what is running was released"
    return boms.of_version(tx.connection, order.item_id, order.bom_version)


def _lot(item: Item, command: ReportProduction) -> str:
    """Return the lot of what was finished; what was only scrapped needs none."""
    if command.finished:
        return require_lot(item, command.lot, "lot")
    if command.lot and not item.lot_tracked:
        raise LotNotTracked(f"{item.sku} is not tracked by lot", field="lot", cure="leave the lot out")
    return command.lot or NO_LOT


def _take_in(
    tx: Transaction,
    order: ProductionOrder,
    known: dict[str, Item],
    document: Document,
    lot: str,
    worth: Money | None,
    command: ReportProduction,
) -> None:
    """Put what was finished on its stock row and into the ledger, and let those who wait for it know.

    It is worth what it used up, with what was scrapped of the same report; where that is not known, what others cost.
    """
    key = StockKey(order.item_id, order.warehouse_id, lot)
    row = next((row for row in stock.rows(tx.connection, [key.item_id]) if row.key == key), None)
    if row is None:
        stock.add_row(tx, key, command.finished, command.expires_on)
    else:
        if command.expires_on is not None and row.expires_on not in (None, command.expires_on):
            raise LotExpiryDiffers(
                f"lot {key.lot} is booked as expiring on {row.expires_on}",
                field="expires_on",
                cure="check the date that is printed on the goods",
            )
        if command.expires_on is not None and row.expires_on is None:
            stock.set_expiry(tx.connection, key, command.expires_on)
        if not stock.add_to_row(tx.connection, key, command.finished):
            raise StockLimitExceeded(
                "more would lie there than can be counted", field="finished", cure="check the quantity"
            )
    move = stock.Move(key, command.finished, "production", document.id, document.number, document.day)
    stock.write_moves(tx, value_moves(tx, known, [move], [Worth(in_all=worth, firm=False, at="finished")]))
    publish(tx, StockReceived(document.id, key.item_id, key.warehouse_id, command.finished, key.lot or None))


def _go_on(
    tx: Transaction, before: ProductionOrder, order: ProductionOrder, lines: Sequence[ConsumptionLine]
) -> ProductionOrder:
    """Reserve what the rest still needs and give back what it does not; if nothing is left to make, all of it.

    What is missing now and was not before, and what was used up beyond the bill, is a new lack of somebody.
    """
    more = {line.item_id for line in lines if line.quantity > line.planned}
    if order.state == "done":
        after = end_components(tx, order)
        _tell_closed(tx, after)
    else:
        after = assign(tx, free_surplus(tx, order), [each.item_id for each in order.components])
        missed = {each.item_id: each.missing for each in before.components}
        more |= {each.item_id for each in after.components if each.missing > missed[each.item_id]}
    cover_shortage(tx, {each for each in after.item_ids if each not in more}, may_grow=False)
    cover_shortage(tx, more, may_grow=True)
    return after


def _tell_finished(
    tx: Transaction,
    order: ProductionOrder,
    document: Document,
    known: dict[str, Item],
    lines: Sequence[ConsumptionLine],
    command: ReportProduction,
) -> None:
    event = ProductionFinished(
        production_order_id=order.id,
        number=order.number,
        report_id=document.id,
        item_id=order.item_id,
        sku=known[order.item_id].sku,
        warehouse_id=order.warehouse_id,
        reported_on=document.day,
        finished=command.finished,
        scrapped=command.scrapped,
        finished_so_far=order.finished,
        scrapped_so_far=order.scrapped,
        fully_finished=order.state == "done",
        consumed=tuple(
            ConsumedLine(each.item_id, known[each.item_id].sku, each.planned, each.quantity) for each in lines
        ),
        lot=command.lot,
        reason=command.reason,
    )
    publish(tx, event)


def _tell_closed(tx: Transaction, over: ProductionOrder) -> None:
    event = ProductionOrderClosed(
        over.id,
        over.number,
        over.item_id,
        over.warehouse_id,
        over.quantity,
        over.finished,
        over.scrapped,
        over.reason,
    )
    publish(tx, event)
