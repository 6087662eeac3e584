"""Stock counts with their lines and every entry of what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from libs.common.db import Transaction, Upsert
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.counting import CountLine, StockCount
from services.inventory.domain.stock import StockKey
from services.inventory.store import serials
from services.inventory.store.count_tables import stock_count, stock_count_entry, stock_count_line
from services.inventory.store.tables import item, stock

_HEAD = (
    "id", "number", "warehouse_id", "state", "opened_by", "note", "approval_id", "document_id", "reason", "version",
)  # fmt: skip
COLUMNS = tuple(stock_count.c[name] for name in (*_HEAD, "absolute_minor", "net_minor", "currency"))
_ADD = Upsert(
    stock_count,
    lambda given: given.on_conflict_do_nothing(index_elements=["id"]).returning(stock_count.c.id),
)
_ADD_LINE = Upsert(
    stock_count_line,
    lambda given: given.on_conflict_do_nothing().returning(stock_count_line.c.line_no),
)


def rows_to_count(
    connection: Connection,
    warehouse_id: str,
    *,
    item_ids: Collection[str] = (),
    category: str | None = None,
    limit: int,
) -> list[tuple[str, str]]:
    """Return up to ``limit`` items and lots that ever lay in a warehouse, by SKU: all, some, or those of a category."""
    query = (
        select(stock.c.item_id, stock.c.lot)
        .join(item, item.c.id == stock.c.item_id)
        .where(stock.c.warehouse_id == warehouse_id)
        .order_by(item.c.sku, stock.c.lot)
        .limit(limit)
    )
    if item_ids:
        query = query.where(stock.c.item_id.in_(sorted(set(item_ids))))
    if category is not None:
        query = query.where(item.c.category == category)
    return [(row.item_id, row.lot) for row in connection.execute(query)]


def add(tx: Transaction, new: StockCount) -> bool:
    """Store a new count without its lines; false when another one has its id."""
    head = {name: getattr(new, name) for name in _HEAD} | {"created_at": tx.now, "updated_at": tx.now}
    return tx.connection.execute(_ADD.on(tx.connection), head).first() is not None


def add_line(tx: Transaction, count: StockCount, line: CountLine) -> bool:
    """Put a line on a sheet; false when another open count has it."""
    values = {
        "count_id": count.id,
        "line_no": line.line_no,
        "item_id": line.item_id,
        "warehouse_id": count.warehouse_id,
        "lot": line.lot,
        "counted_milli": line.counted,
        "book_milli": line.book,
        "counts": line.counts,
        "is_open": True,
    }
    return tx.connection.execute(_ADD_LINE.on(tx.connection), values).first() is not None


def find(connection: Connection, count_id: str, *, lock: bool = False) -> StockCount | None:
    """Return a count with its lines, or nothing; ``lock`` keeps it to this transaction."""
    query = select(*COLUMNS).where(stock_count.c.id == count_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else from_row(row, lines_of(connection, [row.id])[row.id])


def from_row(row: Row[Any], lines: tuple[CountLine, ...]) -> StockCount:
    """Return the count in a row of ``COLUMNS``."""
    head = {name: getattr(row, name) for name in _HEAD}
    known = row.currency is not None
    return StockCount(
        **head,
        lines=lines,
        absolute_value=Money(row.absolute_minor, row.currency) if known else None,
        net_value=Money(row.net_minor, row.currency) if known else None,
    )


def lines_of(connection: Connection, count_ids: Sequence[str]) -> dict[str, tuple[CountLine, ...]]:
    """Return the lines of each count, in their order."""
    line = stock_count_line.c
    query = select(stock_count_line).where(line.count_id.in_(count_ids)).order_by(line.count_id, line.line_no)
    found: dict[str, list[CountLine]] = {count_id: [] for count_id in count_ids}
    named: dict[tuple[str, int, bool], tuple[str, ...]] = {}
    for each in serials.counted(connection, count_ids):
        key = (each.count_id, each.line_no, each.found)
        named[key] = (*named.get(key, ()), each.serial)
    for row in connection.execute(query):
        missing, unexpected = (named.get((row.count_id, row.line_no, key), ()) for key in (False, True))
        found[row.count_id].append(
            CountLine(
                row.line_no,
                row.item_id,
                row.lot,
                row.counted_milli,
                row.book_milli,
                row.counts,
                missing,
                unexpected,
            )
        )
    return {count_id: tuple(lines) for count_id, lines in found.items()}


def save(tx: Transaction, before: StockCount, after: StockCount) -> None:
    """Store the head of a changed count as its next version; with its end its stock is free to be counted again."""
    absolute, net = after.absolute_value, after.net_value
    statement = (
        update(stock_count)
        .where(stock_count.c.id == after.id, stock_count.c.version == before.version)
        .values(
            state=after.state,
            approval_id=after.approval_id,
            document_id=after.document_id,
            absolute_minor=None if absolute is None else absolute.minor,
            net_minor=None if net is None else net.minor,
            currency=None if absolute is None else absolute.currency,
            reason=after.reason,
            version=before.version + 1,
            updated_at=tx.now,
        )
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"count {after.number} was changed meanwhile")
    if after.state in ("posted", "cancelled"):
        line = stock_count_line
        tx.connection.execute(update(line).where(line.c.count_id == after.id).values(is_open=False))


def save_counted(tx: Transaction, count: StockCount, counted: Iterable[CountLine], by: str) -> None:
    """Store what was found on lines, and keep each entry."""
    line = stock_count_line
    entries = []
    for each in counted:
        tx.connection.execute(
            update(line)
            .where(line.c.count_id == count.id, line.c.line_no == each.line_no)
            .values(counted_milli=each.counted, book_milli=each.book, counts=each.counts)
        )
        entries.append(
            {
                "count_id": count.id,
                "line_no": each.line_no,
                "n": each.counts,
                "counted_milli": each.counted,
                "book_milli": each.book,
                "counted_by": by,
                "counted_at": tx.now,
            }
        )
    tx.connection.execute(insert(stock_count_entry), entries)


def counters(connection: Connection, count_id: str) -> frozenset[str]:
    """Return who counted anything of it."""
    query = select(stock_count_entry.c.counted_by).where(stock_count_entry.c.count_id == count_id).distinct()
    return frozenset(connection.execute(query).scalars())


def counters_of(connection: Connection, count_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return who counted anything of each of the counts."""
    entry = stock_count_entry.c
    query = select(entry.count_id, entry.counted_by).where(entry.count_id.in_(count_ids)).distinct()
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.count_id, set()).add(row.counted_by)
    return {count_id: frozenset(people) for count_id, people in found.items()}


def books(
    connection: Connection, warehouse_id: str, item_ids: Collection[str]
) -> dict[StockKey, tuple[Quantity, Quantity]]:
    """Return what the books say of locked items in a warehouse: on hand, and reserved of it."""
    query = select(stock).where(
        stock.c.warehouse_id == warehouse_id, stock.c.item_id.in_(sorted(set(item_ids)))
    )
    return {
        StockKey(row.item_id, row.warehouse_id, row.lot): (row.on_hand_milli, row.reserved_milli)
        for row in connection.execute(query)
    }
