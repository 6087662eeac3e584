"""Transfers with what was asked for and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, func, insert, select, type_coerce, update

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.inventory.domain.transfers import Transfer, TransferLine, TransferPart
from services.inventory.store.transfer_tables import transfer, transfer_line, transfer_part

_HEAD = (
    "id", "number", "from_id", "to_id", "state", "requested_by", "note", "shipped_on", "reason", "version",
)  # fmt: skip
COLUMNS = tuple(transfer.c[name] for name in _HEAD)


def add(tx: Transaction, new: Transfer) -> None:
    """Store a new transfer with its lines."""
    head = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(insert(transfer).values(**head, created_at=tx.now, updated_at=tx.now))
    rows = [
        {
            "transfer_id": new.id,
            "line_no": line.line_no,
            "item_id": line.item_id,
            "lot": line.lot,
            "quantity_milli": line.quantity,
        }
        for line in new.lines
    ]
    tx.connection.execute(insert(transfer_line), rows)


def find(connection: Connection, transfer_id: str, *, lock: bool = False) -> Transfer | None:
    """Return a transfer with its lines and parts, or nothing; ``lock`` keeps it to this transaction."""
    query = select(*COLUMNS).where(transfer.c.id == transfer_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else with_lines(connection, [row])[0]


def with_lines(connection: Connection, rows: Sequence[Row[Any]]) -> list[Transfer]:
    """Return the transfers in rows of ``COLUMNS``, with their lines and parts."""
    ids = [row.id for row in rows]
    lines: dict[str, list[TransferLine]] = {key: [] for key in ids}
    parts: dict[str, list[TransferPart]] = {key: [] for key in ids}
    line, part = transfer_line.c, transfer_part.c
    query = select(transfer_line).where(line.transfer_id.in_(ids)).order_by(line.line_no)
    for each in connection.execute(query):
        lines[each.transfer_id].append(
            TransferLine(each.line_no, each.item_id, each.quantity_milli, each.lot)
        )
    shipped = select(transfer_part).where(part.transfer_id.in_(ids)).order_by(part.line_no, part.lot)
    for each in connection.execute(shipped):
        parts[each.transfer_id].append(
            TransferPart(
                each.line_no, each.item_id, each.lot, each.shipped_milli, each.received_milli, each.lost_milli
            )
        )
    return [
        Transfer(
            **{name: getattr(row, name) for name in _HEAD},
            lines=tuple(lines[row.id]),
            parts=tuple(parts[row.id]),
        )
        for row in rows
    ]


def proposal(connection: Connection, item_id: str, from_id: str, to_id: str) -> Transfer | None:
    """Return the latest transfer of a locked item that came about by itself and has not left, locked, or nothing."""
    query = (
        select(*COLUMNS)
        .join(transfer_line, transfer_line.c.transfer_id == transfer.c.id)
        .where(
            transfer_line.c.item_id == item_id,
            transfer.c.from_id == from_id,
            transfer.c.to_id == to_id,
            transfer.c.state == "requested",
            transfer.c.requested_by.is_(None),
        )
        .order_by(transfer.c.id.desc())
        .limit(1)
        .with_for_update(of=transfer)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else with_lines(connection, [row])[0]


def coming(connection: Connection, item_id: str, to_id: str, without: str | None) -> int:
    """Return the milli of an item that are asked for or under way to a warehouse, ``without`` one transfer."""
    head, line, part = transfer.c, transfer_line.c, transfer_part.c
    wanted = type_coerce(line.quantity_milli, BigInteger)
    under_way = (
        type_coerce(part.shipped_milli, BigInteger)
        - type_coerce(part.received_milli, BigInteger)
        - type_coerce(part.lost_milli, BigInteger)
    )
    asked = (
        select(func.sum(wanted))
        .join(transfer, head.id == line.transfer_id)
        .where(line.item_id == item_id, head.to_id == to_id, head.state == "requested")
    )
    if without is not None:
        asked = asked.where(head.id != without)
    moving = (
        select(func.sum(under_way))
        .join(transfer, head.id == part.transfer_id)
        .where(part.item_id == item_id, head.to_id == to_id, head.state == "shipped")
    )
    return sum(int(connection.execute(query).scalar_one() or 0) for query in (asked, moving))


def save(tx: Transaction, before: Transfer, after: Transfer) -> None:
    """Store a changed transfer as its next version, with its parts: new ones, or how far they have come."""
    names = ("state", "shipped_on", "reason")
    statement = (
        update(transfer)
        .where(transfer.c.id == after.id, transfer.c.version == before.version)
        .values(
            **{name: getattr(after, name) for name in names},
            version=before.version + 1,
            updated_at=tx.now,
        )
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"transfer {after.number} was changed meanwhile")
    if not before.parts and after.parts:
        tx.connection.execute(insert(transfer_part), [_part_values(after.id, part) for part in after.parts])
        return
    for old, new in zip(before.parts, after.parts, strict=True):
        if new != old:
            _save_part(tx.connection, after.id, new)


def _part_values(transfer_id: str, part: TransferPart) -> dict[str, Any]:
    return {
        "transfer_id": transfer_id,
        "line_no": part.line_no,
        "lot": part.lot,
        "item_id": part.item_id,
        "shipped_milli": part.shipped,
        "received_milli": part.received,
        "lost_milli": part.lost,
    }


def _save_part(connection: Connection, transfer_id: str, part: TransferPart) -> None:
    this = transfer_part.c
    connection.execute(
        update(transfer_part)
        .where(this.transfer_id == transfer_id, this.line_no == part.line_no, this.lot == part.lot)
        .values(received_milli=part.received, lost_milli=part.lost)
    )
