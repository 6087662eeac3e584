"""Post the differences of a stock count as adjustments, all at once; orders that were promised more must wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.counting import DOCUMENT, CountBelowPicked, CountLine, StockCount
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import SerialKnown, SerialNotThere
from services.inventory.domain.stock import StockKey
from services.inventory.events import CountDifference, StockCountPosted, StockFreed
from services.inventory.store import counts, queue
from services.inventory.use_cases.book_stock import BookStock, StockLine, book_stock
from services.inventory.use_cases.requeue_orders import requeue_for

_NOTHING = (Quantity.zero(), Quantity.zero())


def post_count(
    tx: Transaction, before: StockCount, count: StockCount, locked: Mapping[str, Item], today: date
) -> StockCount:
    """Correct stock by what was found more or less when it was counted; ``locked`` are all items that may be concerned.

    Where less is left than was promised, the latest orders are re-queued ahead of all who wait, with the count as
    their reason; refused when that is not enough, because the goods were picked or have left in part.
    """
    _free(tx, count, locked)
    lines = tuple(
        StockLine(line.item_id, quantity, line.lot or None, serials=names)
        for line in sorted(count.differing, key=lambda line: line.line_no)
        for quantity, names in line.corrections
    )
    document = None
    if lines:
        booking = BookStock("adjustment", count.warehouse_id, lines, today, reference=count.number)
        with _of_count():
            document = book_stock(tx, booking)
    posted = replace(count, state="posted", document_id=document.id if document else None)
    counts.save(tx, before, posted)
    told = StockCountPosted(
        count_id=posted.id,
        number=posted.number,
        warehouse_id=posted.warehouse_id,
        lines=tuple(
            CountDifference(line.item_id, locked[line.item_id].sku, line.difference, line.lot or None)
            for line in posted.differing
        ),
        document_id=posted.document_id,
        absolute_value=posted.absolute_value,
        net_value=posted.net_value,
    )
    publish(tx, told)
    return replace(posted, version=posted.version + 1)


@contextmanager
def _of_count() -> Iterator[None]:
    """Say of a serial that moved since it was counted, or is elsewhere, that the count must be done anew."""
    try:
        yield
    except (SerialNotThere, SerialKnown) as refusal:
        refusal.field = "count_id"
        refusal.cure = "book where the serial is first (put it back, take it in), or count the line again"
        raise


def _free(tx: Transaction, count: StockCount, locked: Mapping[str, Item]) -> None:
    books = counts.books(tx.connection, count.warehouse_id, locked)
    missing = {}
    for line in count.differing:
        key = StockKey(line.item_id, count.warehouse_id, line.lot)
        on_hand, reserved = books.get(key, _NOTHING)
        lack = -line.difference.milli - (on_hand.milli - reserved.milli)
        if line.difference.milli < 0 and lack > 0:
            missing[key] = Quantity(lack)
    if not missing:
        return
    still = requeue_for(tx, missing, set(locked), DOCUMENT, count.number)
    if still:
        raise _below_picked(count, locked, min(still), still)
    for item_id in queue.items_waited_for(tx.connection, locked):
        publish(tx, StockFreed(item_id, "requeued"))


def _below_picked(
    count: StockCount, locked: Mapping[str, Item], key: StockKey, still: Mapping[StockKey, Quantity]
) -> CountBelowPicked:
    line: CountLine = next(each for each in count.lines if (each.item_id, each.lot) == (key.item_id, key.lot))
    item = locked[key.item_id]
    return CountBelowPicked(
        f"line {line.line_no}: of {item.sku} {still[key]} {item.uom} more"
        " are picked, on a pick list, half shipped or held for production than were found",
        field="count_id",
        line_no=line.line_no,
        sku=item.sku,
        missing=still[key],
    )
