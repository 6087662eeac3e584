"""Deliveries of another system: kept until the invoice that each had there is brought in, and after."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from libs.common.db import Prepared, Transaction, chunks, rows_among
from libs.common.quantity import Quantity
from services.finance.domain.history import RecordedDelivery
from services.finance.store.recorded_tables import recorded_delivery, recorded_delivery_line
from services.finance.store.tables import invoice

_ADD = Prepared(insert(recorded_delivery))
_ADD_LINES = Prepared(insert(recorded_delivery_line))


def add_many(tx: Transaction, new: Iterable[RecordedDelivery]) -> None:
    """Keep many deliveries; those that are kept already stay as they are."""
    first: dict[str, RecordedDelivery] = {}
    for each in new:
        first.setdefault(each.delivery_id, each)
    query = select(recorded_delivery.c.delivery_id)
    for row in rows_among(tx.connection, query, recorded_delivery.c.delivery_id, first):
        del first[row.delivery_id]
    for some in chunks(first.values()):
        tx.connection.execute(_ADD, [_head_values(tx, each) for each in some])
    for lines in chunks(values for each in first.values() for values in _lines_values(each)):
        tx.connection.execute(_ADD_LINES, lines)


def _head_values(tx: Transaction, new: RecordedDelivery) -> dict[str, object]:
    return {
        "delivery_id": new.delivery_id,
        "number": new.number,
        "order_id": new.order_id,
        "customer_id": new.customer_id,
        "shipped_on": new.shipped_on,
        "recorded_at": tx.now,
    }


def _lines_values(new: RecordedDelivery) -> list[dict[str, object]]:
    return [
        {"delivery_id": new.delivery_id, "order_line_id": line_id, "quantity_milli": quantity}
        for line_id, quantity in new.quantities.items()
    ]


def known(connection: Connection, delivery_ids: Iterable[str]) -> dict[str, RecordedDelivery]:
    """Return those of ``delivery_ids`` that were recorded, by id."""
    found: dict[str, RecordedDelivery] = {}
    for some in chunks(sorted(set(delivery_ids))):
        quantities: dict[str, dict[str, Quantity]] = {}
        lines = recorded_delivery_line
        for row in connection.execute(select(lines).where(lines.c.delivery_id.in_(some))):
            quantities.setdefault(row.delivery_id, {})[row.order_line_id] = row.quantity_milli
        heads = select(recorded_delivery).where(recorded_delivery.c.delivery_id.in_(some))
        for row in connection.execute(heads):
            found[row.delivery_id] = RecordedDelivery(
                delivery_id=row.delivery_id,
                number=row.number,
                order_id=row.order_id,
                customer_id=row.customer_id,
                shipped_on=row.shipped_on,
                quantities=quantities.get(row.delivery_id, {}),
            )
    return found


def invoiced(connection: Connection, delivery_ids: Iterable[str]) -> dict[str, str]:
    """Return the number of the invoice of each of ``delivery_ids`` that has one, by delivery."""
    found: dict[str, str] = {}
    for some in chunks(sorted(set(delivery_ids))):
        query = select(invoice.c.delivery_id, invoice.c.number).where(invoice.c.delivery_id.in_(some))
        found |= {row.delivery_id: row.number for row in connection.execute(query)}
    return found
