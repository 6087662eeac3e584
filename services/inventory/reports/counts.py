"""Looking at stock counts: the sheet while it is blind, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common import approvals
from libs.common.approvals import Approval
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.counting import CountLine, CountNotFound, CountRules, StockCount
from services.inventory.store import count_rules, counts
from services.inventory.store.count_tables import stock_count
from services.inventory.store.tables import item, warehouse


@dataclass(frozen=True)
class CountLineShown:
    """A line with its names; what the books said is not told while somebody may still count it."""

    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    lot: str | None
    progress: str
    counts: int
    counted: Quantity | None
    book: Quantity | None
    difference: Quantity | None
    missing_serials: tuple[str, ...] = ()
    unexpected_serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountSummary:
    """A count without its lines."""

    id: str
    number: str
    warehouse_id: str
    warehouse_code: str
    state: str
    opened_by: str
    note: str | None
    reason: str | None
    approval_id: str | None
    document_id: str | None
    absolute_value: Money | None
    net_value: Money | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class CountShown(CountSummary):
    """A count with its lines, and the approval that it waits for or ended by."""

    lines: tuple[CountLineShown, ...]
    approval: Approval | None


_HEADS: Select[Any] = select(
    *counts.COLUMNS, stock_count.c.created_at, stock_count.c.updated_at, warehouse.c.code.label("code")
).join(warehouse, warehouse.c.id == stock_count.c.warehouse_id)


def one_count(connection: Connection, count_id: str) -> CountShown:
    """Return a count; refuse one that there is not."""
    row = connection.execute(_HEADS.where(stock_count.c.id == count_id)).one_or_none()
    if row is None:
        raise CountNotFound("there is no such stock count", field="count_id")
    lines = counts.lines_of(connection, [count_id])[count_id]
    count = counts.from_row(row, lines)
    query = select(item.c.id, item.c.sku, item.c.name, item.c.uom).where(item.c.id.in_(count.item_ids))
    names = {each.id: each for each in connection.execute(query)}
    approval = approvals.find(connection, count.approval_id) if count.approval_id else None
    blind = count.state == "counting"
    shown = tuple(_line(line, names, blind=blind) for line in lines)
    return CountShown(**_head(row, count), lines=shown, approval=approval)


def list_counts(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[CountSummary]:
    """Return up to ``limit`` counts, the latest first; ``filters``: state, warehouse_id."""
    query = _HEADS.order_by(stock_count.c.id.desc()).limit(limit)
    for name in ("state", "warehouse_id"):
        if filters.get(name) is not None:
            query = query.where(stock_count.c[name] == filters[name])
    if after is not None:
        query = query.where(stock_count.c.id < after)
    return [CountSummary(**_head(row, counts.from_row(row, ()))) for row in connection.execute(query)]


def rules_now(connection: Connection) -> CountRules:
    """Return the rules that apply now."""
    return count_rules.current(connection)


def _head(row: Row[Any], count: StockCount) -> dict[str, Any]:
    names = (
        "id", "number", "warehouse_id", "state", "opened_by", "note", "reason", "approval_id", "document_id",
        "absolute_value", "net_value", "version",
    )  # fmt: skip
    told = {name: getattr(count, name) for name in names}
    return told | {
        "warehouse_code": row.code,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _line(line: CountLine, names: Mapping[str, Any], *, blind: bool) -> CountLineShown:
    about = names[line.item_id]
    told = not blind and line.counts > 0
    return CountLineShown(
        line_no=line.line_no,
        item_id=line.item_id,
        sku=about.sku,
        name=about.name,
        uom=about.uom,
        lot=line.lot or None,
        progress=line.progress,
        counts=line.counts,
        counted=line.counted,
        book=line.book if told else None,
        difference=line.difference if told else None,
        missing_serials=line.missing if told else (),
        unexpected_serials=line.unexpected if told else (),
    )
