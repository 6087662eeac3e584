"""Looking at transfers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from libs.common.db import matches
from libs.common.quantity import Quantity
from services.inventory.domain.transfers import Transfer, TransferNotFound
from services.inventory.store import items, transfers
from services.inventory.store.tables import warehouse
from services.inventory.store.transfer_tables import transfer


@dataclass(frozen=True)
class TransferPartShown:
    """What left of a line, of one lot, and what became of it."""

    lot: str | None
    shipped: Quantity
    received: Quantity
    lost: Quantity
    under_way: Quantity


@dataclass(frozen=True)
class TransferLineShown:
    """What was asked for."""

    line_no: int
    item_id: str
    sku: str
    name: str
    uom: str
    lot: str | None
    quantity: Quantity
    parts: tuple[TransferPartShown, ...]


@dataclass(frozen=True)
class TransferShown:
    """A transfer with the names of what it is about."""

    id: str
    number: str
    state: str
    from_id: str
    from_code: str
    to_id: str
    to_code: str
    requested_by: str | None
    note: str | None
    reason: str | None
    shipped_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[TransferLineShown, ...]


_FROM, _TO = warehouse.alias("from_place"), warehouse.alias("to_place")
_HEADS: Select[Any] = (
    select(
        *transfers.COLUMNS,
        transfer.c.created_at,
        transfer.c.updated_at,
        _FROM.c.code.label("from_code"),
        _TO.c.code.label("to_code"),
    )
    .join(_FROM, _FROM.c.id == transfer.c.from_id)
    .join(_TO, _TO.c.id == transfer.c.to_id)
)


def one_transfer(connection: Connection, transfer_id: str) -> TransferShown:
    """Return a transfer; refuse one that there is not."""
    rows = connection.execute(_HEADS.where(transfer.c.id == transfer_id)).all()
    if not rows:
        raise TransferNotFound("there is no such transfer", field="transfer_id")
    return _shown(connection, rows)[0]


def list_transfers(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[TransferShown]:
    """Return up to ``limit`` transfers, the latest first; ``filters``: state, warehouse_id (either end)."""
    query = _HEADS.order_by(transfer.c.id.desc()).limit(limit)
    if filters.get("state") is not None:
        query = query.where(matches(transfer.c.state, filters["state"]))
    if filters.get("warehouse_id") is not None:
        place = filters["warehouse_id"]
        query = query.where(or_(transfer.c.from_id == place, transfer.c.to_id == place))
    if after is not None:
        query = query.where(transfer.c.id < after)
    return _shown(connection, connection.execute(query).all())


def _shown(connection: Connection, rows: Any) -> list[TransferShown]:
    found = transfers.with_lines(connection, rows)
    known = items.known(connection, {line.item_id for each in found for line in each.lines})
    return [_one(row, each, known) for row, each in zip(rows, found, strict=True)]


def _one(row: Row[Any], found: Transfer, known: dict[str, Any]) -> TransferShown:
    parts: dict[int, list[TransferPartShown]] = {line.line_no: [] for line in found.lines}
    for part in found.parts:
        parts[part.line_no].append(
            TransferPartShown(part.lot or None, part.shipped, part.received, part.lost, part.under_way)
        )
    lines = tuple(
        TransferLineShown(
            line_no=line.line_no,
            item_id=line.item_id,
            sku=known[line.item_id].sku,
            name=known[line.item_id].name,
            uom=known[line.item_id].uom,
            lot=line.lot,
            quantity=line.quantity,
            parts=tuple(parts[line.line_no]),
        )
        for line in found.lines
    )
    return TransferShown(
        id=found.id,
        number=found.number,
        state=found.state,
        from_id=found.from_id,
        from_code=row.from_code,
        to_id=found.to_id,
        to_code=row.to_code,
        requested_by=found.requested_by,
        note=found.note,
        reason=found.reason,
        shipped_on=found.shipped_on,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=found.version,
        lines=lines,
    )
