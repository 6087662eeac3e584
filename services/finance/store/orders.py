"""The replica of confirmed orders, and how much of each line is invoiced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from libs.common.db import Prepared, Transaction, Upsert, chunks, rows_among
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.invoicing import InvoiceLine, Order, OrderLine
from services.finance.domain.kept import Kept
from services.finance.store.tables import sales_order, sales_order_line
from services.finance.store.taxes import tax_of, tax_values

_LINES = select(sales_order_line).order_by(sales_order_line.c.order_id, sales_order_line.c.line_no)
_ADD_IF_NEW = Upsert(
    sales_order, lambda insert: insert.on_conflict_do_nothing().returning(sales_order.c.order_id)
)
_ADD = Prepared(insert(sales_order))
_ADD_LINES = Prepared(insert(sales_order_line))
# One statement for order and lines: the customer's account is locked before, and nobody bills without that.
_LOCK = Prepared(
    select(sales_order, *(column for column in sales_order_line.c if column.name != "order_id"))
    .join(sales_order_line, sales_order_line.c.order_id == sales_order.c.order_id)
    .where(sales_order.c.order_id == bindparam("b_order_id"))
    .order_by(sales_order_line.c.line_no)
    .with_for_update(of=sales_order)
)
_SET_INVOICED = Prepared(
    update(sales_order_line)
    .where(
        sales_order_line.c.order_id == bindparam("b_order_id"),
        sales_order_line.c.invoiced_milli < sales_order_line.c.quantity_milli,
    )
    .values(
        invoiced_milli=sales_order_line.c.quantity_milli,
        invoiced_minor=sales_order_line.c.amount_minor,
        invoiced_tax_minor=sales_order_line.c.tax_minor,
    )
)
_ADD_INVOICED = Prepared(
    update(sales_order_line)
    .where(sales_order_line.c.order_line_id == bindparam("b_line_id"))
    .values(
        invoiced_milli=sales_order_line.c.invoiced_milli + bindparam("b_quantity"),
        invoiced_minor=sales_order_line.c.invoiced_minor + bindparam("b_amount"),
        invoiced_tax_minor=sales_order_line.c.invoiced_tax_minor + bindparam("b_tax"),
    )
)
_WAIVE = Prepared(
    update(sales_order_line)
    .where(sales_order_line.c.order_line_id == bindparam("b_line_id"))
    .values(
        waived_milli=sales_order_line.c.waived_milli + bindparam("b_quantity"),
        kept_waived_milli=sales_order_line.c.kept_waived_milli + bindparam("b_kept"),
    )
)
_NOT_ORDINARY = Prepared(
    select(
        sales_order.c.order_id,
        sales_order.c.customer_id,
        sales_order.c.payment,
        sales_order.c.invoice_on,
        sales_order.c.down_payment_bp,
    ).where(
        (sales_order.c.payment == "cash")
        | (sales_order.c.invoice_on != "shipment")
        | (sales_order.c.down_payment_bp > 0),
        sales_order.c.order_id.in_(bindparam("b_order_ids", expanding=True)),
    )
)


def add_if_new(connection: Connection, order: Order, confirmed_at: datetime) -> bool:
    """Keep a confirmed order; return whether it was new."""
    inserted = connection.execute(_ADD_IF_NEW.on(connection), _head_values(order, confirmed_at))
    if inserted.one_or_none() is None:
        return False
    connection.execute(_ADD_LINES, [_line_values(order, line) for line in order.lines])
    return True


def add_many(tx: Transaction, new: Iterable[Order]) -> None:
    """Keep many orders of another system; those that are kept already stay as they are."""
    first: dict[str, Order] = {}
    for order in new:
        first.setdefault(order.order_id, order)
    query = select(sales_order.c.order_id)
    for row in rows_among(tx.connection, query, sales_order.c.order_id, first):
        del first[row.order_id]
    for some in chunks(first.values()):
        tx.connection.execute(_ADD, [_head_values(order, tx.now) for order in some])
    for lines in chunks(_line_values(order, line) for order in first.values() for line in order.lines):
        tx.connection.execute(_ADD_LINES, lines)


def _head_values(order: Order, confirmed_at: datetime) -> dict[str, object]:
    return {
        "order_id": order.order_id,
        "number": order.number,
        "customer_id": order.customer_id,
        "currency": order.currency,
        "total_minor": order.total.minor,
        "correlation_id": order.correlation_id,
        "confirmed_at": confirmed_at,
        "payment": order.payment,
        "invoice_on": order.invoice_on,
        "down_payment_bp": order.down_payment_bp,
    }


def _line_values(order: Order, line: OrderLine) -> dict[str, object]:
    return {
        "order_line_id": line.order_line_id,
        "order_id": order.order_id,
        "line_no": line.line_no,
        "item_id": line.item_id,
        "sku": line.sku,
        "name": line.name,
        "quantity_milli": line.quantity,
        "amount_minor": line.amount.minor,
        "invoiced_milli": line.invoiced_quantity,
        "invoiced_minor": line.invoiced_amount.minor,
        **tax_values(line.tax),
        "invoiced_tax_minor": 0 if line.invoiced_tax is None else line.invoiced_tax.minor,
    }


def lock(connection: Connection, order_id: str) -> Order | None:
    """Return a confirmed order with its lines, its row locked; ``None`` when it has not arrived.

    The customer's account must be locked.
    """
    rows = connection.execute(_LOCK, {"b_order_id": order_id}).all()
    if not rows:
        return None
    return _to_order(rows[0], tuple(_to_line(row, row.currency) for row in rows))


def lock_many(connection: Connection, order_ids: Iterable[str]) -> dict[str, Order]:
    """Return many confirmed orders with their lines, those that there are, locked in the order of their ids."""
    found: dict[str, Order] = {}
    for some in chunks(sorted(set(order_ids))):
        query = select(sales_order).where(sales_order.c.order_id.in_(some)).order_by(sales_order.c.order_id)
        heads = {row.order_id: row for row in connection.execute(query.with_for_update())}
        lines: dict[str, list[OrderLine]] = {}
        for row in connection.execute(_LINES.where(sales_order_line.c.order_id.in_(some))):
            lines.setdefault(row.order_id, []).append(_to_line(row, heads[row.order_id].currency))
        found |= {key: _to_order(head, tuple(lines.get(key, ()))) for key, head in heads.items()}
    return found


def _to_order(head: Row[Any], lines: tuple[OrderLine, ...]) -> Order:
    return Order(
        order_id=head.order_id,
        number=head.number,
        customer_id=head.customer_id,
        currency=head.currency,
        total=Money(head.total_minor, head.currency),
        correlation_id=head.correlation_id,
        lines=lines,
        payment=head.payment,
        invoice_on=head.invoice_on,
        change_no=head.change_no,
        down_payment_bp=head.down_payment_bp,
    )


def _to_line(row: Row[Any], currency: str) -> OrderLine:
    return OrderLine(
        order_line_id=row.order_line_id,
        line_no=row.line_no,
        item_id=row.item_id,
        sku=row.sku,
        name=row.name,
        quantity=row.quantity_milli,
        amount=Money(row.amount_minor, currency),
        invoiced_quantity=row.invoiced_milli,
        invoiced_amount=Money(row.invoiced_minor, currency),
        tax=tax_of(row, currency),
        invoiced_tax=Money(row.invoiced_tax_minor, currency),
        kept=_kept(row, currency),
        waived=row.waived_milli,
        kept_waived=row.kept_waived_milli,
    )


def _kept(row: Row[Any], currency: str) -> Kept | None:
    if not row.kept_milli:
        return None
    return Kept(row.kept_milli, Money(row.kept_minor, currency), Money(row.kept_tax_minor, currency))


def _kept_values(kept: Kept | None) -> dict[str, object]:
    if kept is None:
        return {"kept_milli": Quantity.zero(), "kept_minor": 0, "kept_tax_minor": 0}
    return {"kept_milli": kept.quantity, "kept_minor": kept.net.minor, "kept_tax_minor": kept.tax.minor}


def amend(
    connection: Connection,
    head: Order,
    rewritten: Iterable[OrderLine],
    new: Sequence[OrderLine],
    gone: Sequence[str],
) -> None:
    """Store a locked order as a change says: its total, the terms of lines, lines that are new, and those that go.

    What was invoiced of a line stays; the table's checks refuse less than that.
    """
    connection.execute(
        update(sales_order)
        .where(sales_order.c.order_id == head.order_id)
        .values(total_minor=head.total.minor, change_no=head.change_no)
    )
    for line in rewritten:
        connection.execute(
            update(sales_order_line)
            .where(sales_order_line.c.order_line_id == line.order_line_id)
            .values(
                quantity_milli=line.quantity,
                amount_minor=line.amount.minor,
                **tax_values(line.tax),
                **_kept_values(line.kept),
                kept_waived_milli=line.kept_waived,
            )
        )
    if new:
        connection.execute(_ADD_LINES, [_line_values(head, line) for line in new])
    if gone:
        connection.execute(delete(sales_order_line).where(sales_order_line.c.order_line_id.in_(gone)))


def not_ordinary(connection: Connection, order_ids: Iterable[str]) -> list[Row[Any]]:
    """Return what is not ordinary of orders: paid in cash or in part ahead, or not invoiced as they leave."""
    return [
        row
        for some in chunks(sorted(set(order_ids)))
        for row in connection.execute(_NOT_ORDINARY, {"b_order_ids": some})
    ]


def add_invoiced(connection: Connection, lines: tuple[InvoiceLine, ...]) -> None:
    """Count what an invoice billed on the order's lines; the table's checks refuse more than was ordered."""
    connection.execute(
        _ADD_INVOICED,
        [
            {
                "b_line_id": line.order_line_id,
                "b_quantity": line.quantity,
                "b_amount": line.amount.minor,
                "b_tax": line.tax_amount.minor,
            }
            for line in lines
        ],
    )


def set_invoiced(connection: Connection, order_id: str) -> None:
    """Count a locked order as invoiced to the last line, once the parts of every line are exactly the line."""
    connection.execute(_SET_INVOICED, {"b_order_id": order_id})


def waive(
    connection: Connection, quantities: Mapping[str, Quantity], kept: Mapping[str, Quantity] | None = None
) -> None:
    """Count on a locked order's lines what will never be invoiced; the table's checks refuse more than is left.

    ``kept`` is what of it had left before the line's terms were changed.
    """
    given = [
        {"b_line_id": line_id, "b_quantity": quantity, "b_kept": (kept or {}).get(line_id, Quantity.zero())}
        for line_id, quantity in quantities.items()
    ]
    if given:
        connection.execute(_WAIVE, given)
