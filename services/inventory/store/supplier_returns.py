"""Returns to suppliers with their lines, and how much of each part of a receipt goes back or went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, insert, select, type_coerce, update

from libs.common.db import Transaction, Upsert
from libs.common.errors import VersionMismatch
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.supplier_returns import ReceiptPart, SupplierReturn, SupplierReturnLine
from services.inventory.store import supplier_return_serials
from services.inventory.store.purchase_tables import (
    purchase_order,
    purchase_order_line,
    purchase_receipt_line,
)
from services.inventory.store.supplier_return_tables import (
    returned_receipt,
    supplier_return,
    supplier_return_line,
)

_HEAD = (
    "id", "number", "supplier_id", "purchase_order_id", "purchase_order_number", "warehouse_id", "state", "reason",
    "requested_by", "answer", "shipped_on", "credit_note", "version",
)  # fmt: skip
_RETURNED = type_coerce(returned_receipt.c.returned_milli, BigInteger)
_RECEIVED = type_coerce(returned_receipt.c.received_milli, BigInteger)
_RECEIPT, _LINE = purchase_receipt_line.c, purchase_order_line.c
_PARTS = (
    select(purchase_receipt_line, _LINE.unit_price_e4, purchase_order.c.currency, _LINE.purchase_order_id)
    .join(purchase_order_line, _LINE.id == _RECEIPT.purchase_order_line_id)
    .join(purchase_order, purchase_order.c.id == _LINE.purchase_order_id)
)


def _take_more(given: Any) -> Any:
    """Add to what goes back of a part of a receipt, if that much of it came in and did not go back."""
    more = _RETURNED + type_coerce(given.excluded.returned_milli, BigInteger)
    return given.on_conflict_do_update(
        index_elements=["document_id", "position"], set_={"returned_milli": more}, where=more <= _RECEIVED
    ).returning(returned_receipt.c.position)


_TAKE = Upsert(returned_receipt, _take_more)


def take(connection: Connection, line: SupplierReturnLine) -> bool:
    """Count a line of a new return by one statement; false when less than it says is left to go back.

    Two returns of one part of a receipt meet on its row: the second sees what the first has taken.
    """
    if line.quantity > line.part.received:
        return False
    values = {
        "document_id": line.part.receipt_id,
        "position": line.part.position,
        "received_milli": line.part.received,
        "returned_milli": line.quantity,
    }
    return connection.execute(_TAKE.on(connection), values).first() is not None


def give_back(connection: Connection, line: SupplierReturnLine) -> None:
    """Let a line be asked for again, because it does not go back."""
    part = returned_receipt.c
    connection.execute(
        update(returned_receipt)
        .where(part.document_id == line.part.receipt_id, part.position == line.part.position)
        .values(returned_milli=_RETURNED - line.quantity.milli)
    )


def left(connection: Connection, part: ReceiptPart) -> Quantity:
    """Return how much of a part of a receipt has not gone back and is not announced."""
    row = returned_receipt.c
    query = select(row.returned_milli).where(
        row.document_id == part.receipt_id, row.position == part.position
    )
    taken: Quantity | None = connection.execute(query).scalar_one_or_none()
    return part.received - (taken or Quantity.zero())


def parts_of_order(connection: Connection, purchase_order_id: str) -> dict[tuple[str, int], ReceiptPart]:
    """Return the parts of all receipts of a purchase order, by receipt and position."""
    query = _PARTS.where(_LINE.purchase_order_id == purchase_order_id)
    return {(row.document_id, row.position): _part(row) for row in connection.execute(query)}


def _part(row: Row[Any]) -> ReceiptPart:
    return ReceiptPart(
        receipt_id=row.document_id,
        position=row.position,
        purchase_order_line_id=row.purchase_order_line_id,
        item_id=row.item_id,
        lot=row.lot,
        received=row.quantity_milli,
        unit_price=Price(row.unit_price_e4, row.currency),
    )


def add(tx: Transaction, new: SupplierReturn) -> None:
    """Store a new return with its lines."""
    head = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(insert(supplier_return).values(**head, created_at=tx.now, updated_at=tx.now))
    rows = [
        {
            "return_id": new.id,
            "line_no": line.line_no,
            "receipt_id": line.part.receipt_id,
            "position": line.part.position,
            "purchase_order_line_id": line.part.purchase_order_line_id,
            "item_id": line.part.item_id,
            "lot": line.part.lot,
            "quantity_milli": line.quantity,
            "goods_return_id": line.goods_return_id,
            "goods_return_line": line.goods_return_line,
            "value_minor": None,
            "value_currency": None,
        }
        for line in new.lines
    ]
    tx.connection.execute(insert(supplier_return_line), rows)


def find(connection: Connection, return_id: str, *, lock: bool = False) -> SupplierReturn | None:
    """Return a return, its row locked until the end of the transaction if so asked."""
    query = select(*(supplier_return.c[name] for name in _HEAD)).where(supplier_return.c.id == return_id)
    head = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if head is None:
        return None
    parts = parts_of_order(connection, head.purchase_order_id)
    units = supplier_return_serials.of_returns(connection, [return_id])
    rows = connection.execute(
        select(supplier_return_line)
        .where(supplier_return_line.c.return_id == return_id)
        .order_by(supplier_return_line.c.line_no)
    )
    lines = tuple(
        SupplierReturnLine(
            line_no=row.line_no,
            part=parts[row.receipt_id, row.position],
            quantity=row.quantity_milli,
            goods_return_id=row.goods_return_id,
            goods_return_line=row.goods_return_line,
            value=None if row.value_minor is None else Money(row.value_minor, row.value_currency),
            serials=units.get((return_id, row.line_no), ()),
        )
        for row in rows
    )
    return SupplierReturn(**head._asdict(), lines=lines)


def save(tx: Transaction, before: SupplierReturn, after: SupplierReturn) -> None:
    """Store a changed return as its next version, with what its lines were worth."""
    values = {name: getattr(after, name) for name in ("state", "answer", "shipped_on", "credit_note")}
    head, line = supplier_return.c, supplier_return_line.c
    statement = (
        update(supplier_return)
        .where(head.id == after.id, head.version == before.version)
        .values(**values, version=before.version + 1, updated_at=tx.now)
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"return {after.number} was changed meanwhile")
    for old, new in zip(before.lines, after.lines, strict=True):
        if new.value != old.value and new.value is not None:
            tx.connection.execute(
                update(supplier_return_line)
                .where(line.return_id == after.id, line.line_no == new.line_no)
                .values(value_minor=new.value.minor, value_currency=new.value.currency)
            )


def lines_of(connection: Connection, return_ids: Collection[str]) -> Sequence[Row[Any]]:
    """Return the rows of the lines of returns, in their order."""
    line = supplier_return_line.c
    query = select(supplier_return_line).where(line.return_id.in_(sorted(return_ids)))
    return connection.execute(query.order_by(line.return_id, line.line_no)).all()
