"""What was bought: suppliers, the lines of their purchase orders, and how much of each came in and was invoiced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, case, insert, select, type_coerce, update

from libs.common.db import Transaction, Upsert, rows_among
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine, Supplier
from services.finance.domain.three_way import MatchPolicy, Tolerance
from services.finance.store.payables_tables import (
    bought_line,
    bought_order,
    goods_receipt,
    goods_receipt_line,
    match_policy,
    supplier,
)

_KEEP_SUPPLIER = Upsert(
    supplier,
    lambda given: given.on_conflict_do_update(
        index_elements=["supplier_id"],
        set_={"number": given.excluded.number, "name": given.excluded.name},
    ),
)
_KEEP_ORDER = Upsert(bought_order, lambda given: given.on_conflict_do_nothing())
_LINES = select(bought_line, bought_order.c.number.label("order_number")).join(
    bought_order, bought_order.c.purchase_order_id == bought_line.c.purchase_order_id
)


@dataclass(frozen=True)
class ReceivedValue:
    """How much of a line came in with a receipt, and what it is at the order's price.

    ``worth`` is what the stock is worth more with it, ``carried`` what it adds to the company's books, if it does.
    """

    line_id: str
    quantity: Quantity
    value: Money
    worth: Money
    carried: Money | None = None


def to_line(row: Row[Any]) -> BoughtLine:
    """Return the line of a row of ``bought_line`` beside the number of its order."""
    return BoughtLine(
        line_id=row.line_id,
        purchase_order_id=row.purchase_order_id,
        order_number=row.order_number,
        supplier_id=row.supplier_id,
        item_id=row.item_id,
        sku=row.sku,
        ordered=row.ordered_milli,
        unit_price=Price(row.unit_price_e4, row.currency),
        received=row.received_milli,
        invoiced=row.invoiced_milli,
        carried=row.carried_minor,
    )


def keep_supplier(tx: Transaction, known: Supplier) -> None:
    """Store a supplier, or its present number and name."""
    tx.connection.execute(
        _KEEP_SUPPLIER.on(tx.connection),
        {"supplier_id": known.supplier_id, "number": known.number, "name": known.name},
    )


def lock_suppliers(connection: Connection, supplier_ids: Iterable[str]) -> dict[str, Supplier]:
    """Return those suppliers that there are, their rows locked in the order of their ids.

    Every change of what a supplier has delivered, invoiced or been paid takes this lock first.
    """
    query = select(supplier).where(supplier.c.supplier_id.in_(sorted(set(supplier_ids))))
    rows = connection.execute(query.order_by(supplier.c.supplier_id).with_for_update())
    return {row.supplier_id: Supplier(row.supplier_id, row.number, row.name) for row in rows}


def find_supplier(connection: Connection, supplier_id: str) -> Supplier | None:
    """Return a supplier."""
    row = connection.execute(select(supplier).where(supplier.c.supplier_id == supplier_id)).one_or_none()
    return None if row is None else Supplier(row.supplier_id, row.number, row.name)


def add_order(
    tx: Transaction,
    purchase_order_id: str,
    number: str,
    supplier_id: str,
    ordered_on: date,
    lines: Sequence[BoughtLine],
) -> None:
    """Store an order with its lines, of which nothing came in yet; one that is here already stays as it is."""
    head = {
        "purchase_order_id": purchase_order_id,
        "number": number,
        "supplier_id": supplier_id,
        "currency": lines[0].unit_price.currency,
        "ordered_on": ordered_on,
        "outcome": None,
        "correlation_id": tx.cause.correlation_id or purchase_order_id,
    }
    if not tx.connection.execute(_KEEP_ORDER.on(tx.connection), head).rowcount:
        return
    tx.connection.execute(insert(bought_line), [_line_values(line) for line in lines])


def _line_values(line: BoughtLine) -> dict[str, object]:
    return {
        "line_id": line.line_id,
        "purchase_order_id": line.purchase_order_id,
        "supplier_id": line.supplier_id,
        "item_id": line.item_id,
        "sku": line.sku,
        "currency": line.unit_price.currency,
        "ordered_milli": line.ordered,
        "unit_price_e4": line.unit_price.e4,
        "received_milli": line.received,
        "invoiced_milli": line.invoiced,
        "over_milli": Quantity.zero(),
        "received_minor": 0,
        "invoiced_minor": 0,
        "carried_currency": None,
        "carried_minor": 0,
    }


def end_order(connection: Connection, purchase_order_id: str, outcome: str) -> bool:
    """Note how an order ended; ``False`` when it is not here."""
    query = update(bought_order).where(bought_order.c.purchase_order_id == purchase_order_id)
    return connection.execute(query.values(outcome=outcome)).rowcount == 1


def conversation_of(connection: Connection, purchase_order_id: str) -> str | None:
    """Return the conversation that an order belongs to; ``None`` when it is not here."""
    query = select(bought_order.c.correlation_id).where(bought_order.c.purchase_order_id == purchase_order_id)
    return connection.execute(query).scalar_one_or_none()


def lines(connection: Connection, line_ids: Iterable[str]) -> dict[str, BoughtLine]:
    """Return those of the lines that there are; their supplier must be locked if they are to be changed."""
    return {
        row.line_id: to_line(row) for row in rows_among(connection, _LINES, bought_line.c.line_id, line_ids)
    }


def has_receipt(connection: Connection, receipt_id: str) -> bool:
    """Tell whether a receipt is here already."""
    query = select(goods_receipt.c.receipt_id).where(goods_receipt.c.receipt_id == receipt_id)
    return connection.execute(query).first() is not None


def add_receipt(tx: Transaction, head: dict[str, object], came: Sequence[ReceivedValue]) -> None:
    """Store a receipt with its lines, and count them on the lines of the order."""
    tx.connection.execute(insert(goods_receipt).values(head | {"recorded_at": tx.now}))
    rows = [
        {
            "receipt_id": head["receipt_id"],
            "position": position,
            "line_id": part.line_id,
            "quantity_milli": part.quantity,
            "value_minor": part.value.minor,
        }
        for position, part in enumerate(came, 1)
    ]
    tx.connection.execute(insert(goods_receipt_line), rows)
    for part in came:
        _count_receipt(tx.connection, part)
        carry(tx.connection, part.line_id, part.carried)


def _count_receipt(connection: Connection, part: ReceivedValue) -> None:
    """Add to what came in; what was invoiced ahead of it is that much less ahead now."""
    received, invoiced = (
        type_coerce(bought_line.c[name], BigInteger) for name in ("received_milli", "invoiced_milli")
    )
    after = received + part.quantity.milli
    connection.execute(
        update(bought_line)
        .where(bought_line.c.line_id == part.line_id)
        .values(
            received_milli=after,
            received_minor=bought_line.c.received_minor + part.value.minor,
            over_milli=case((invoiced > after, invoiced - after), else_=0),
        )
    )


def carry(connection: Connection, line_id: str, more: Money | None) -> None:
    """Add to what is carried of a locked line in the company's books, if it is in them."""
    if not more:
        return
    values = {"carried_minor": bought_line.c.carried_minor + more.minor, "carried_currency": more.currency}
    connection.execute(update(bought_line).where(bought_line.c.line_id == line_id).values(values))


def count_invoice(
    connection: Connection, seen: BoughtLine, quantity: Quantity, over: Quantity, value: Money
) -> bool:
    """Count ``quantity`` as invoiced if the line still is as it was ``seen``; else do nothing and return ``False``.

    ``over`` is by how much that is more than came in. The table's check refuses more than this.
    """
    changed = connection.execute(
        update(bought_line)
        .where(
            bought_line.c.line_id == seen.line_id,
            bought_line.c.invoiced_milli == seen.invoiced,
            bought_line.c.received_milli == seen.received,
        )
        .values(
            invoiced_milli=seen.invoiced + quantity,
            over_milli=over,
            invoiced_minor=bought_line.c.invoiced_minor + value.minor,
        )
    )
    return changed.rowcount == 1


def policy_now(connection: Connection) -> MatchPolicy:
    """Return the policy that applies now."""
    query = select(match_policy).order_by(match_policy.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return MatchPolicy()
    return MatchPolicy(
        row.version,
        Tolerance(row.price_bp, _amount(row.price_minor, row.price_currency)),
        Tolerance(row.quantity_bp, _amount(row.quantity_minor, row.quantity_currency)),
    )


def _amount(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def add_policy(tx: Transaction, new: MatchPolicy) -> bool:
    """Store the next version of the policy; ``False`` when somebody else has just stored it."""
    price, quantity = new.price.amount, new.quantity.amount
    values = {
        "version": new.version,
        "price_bp": new.price.bp,
        "price_minor": None if price is None else price.minor,
        "price_currency": None if price is None else price.currency,
        "quantity_bp": new.quantity.bp,
        "quantity_minor": None if quantity is None else quantity.minor,
        "quantity_currency": None if quantity is None else quantity.currency,
        "set_by": tx.cause.actor,
        "set_at": tx.now,
    }
    return tx.connection.execute(_ADD_POLICY.on(tx.connection), values).rowcount == 1


_ADD_POLICY = Upsert(match_policy, lambda given: given.on_conflict_do_nothing())
