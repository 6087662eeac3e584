"""What stock is worth: read under the lock of its items, and written once for all moves of a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Text, bindparam, cast, func, insert, select, type_coerce

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.stock import StockKey
from services.inventory.domain.valuation import Valuation
from services.inventory.store.tables import goods_return, goods_return_line, stock_move
from services.inventory.store.value_tables import item_value, revaluation

# By the text of the id, in which order items are locked, too.
_LOCK = Prepared(
    select(item_value)
    .where(item_value.c.item_id.in_(bindparam("b_item_ids", expanding=True)))
    .order_by(cast(item_value.c.item_id, Text))
    .with_for_update(key_share=True)
)
_TOLD = ("quantity_milli", "value_minor", "currency", "unit_cost_e4", "changed_at")
_SAVE = Upsert(
    item_value,
    lambda given: given.on_conflict_do_update(
        index_elements=["item_id"], set_={name: given.excluded[name] for name in _TOLD}
    ),
)


@dataclass(frozen=True)
class Revaluation:
    """What an item's stock became worth without moving: ``amount`` more or less, at ``unit_cost`` from then on."""

    item_id: str
    amount: Money
    unit_cost: Price
    reason: str
    valued_on: date


def lock(connection: Connection, item_ids: Iterable[str]) -> dict[str, Valuation]:
    """Return what the stock of each of ``item_ids`` is worth, and keep it to this transaction.

    Their items are locked already, which keeps an item that has no row yet to this transaction, too.
    """
    ids = sorted(set(item_ids))
    found = {item_id: Valuation(item_id) for item_id in ids}
    return found | {row.item_id: _valuation(row) for row in connection.execute(_LOCK, {"b_item_ids": ids})}


def _valuation(row: Row[Any]) -> Valuation:
    cost = None if row.currency is None else Price(row.unit_cost_e4, row.currency)
    return Valuation(row.item_id, row.quantity_milli, row.value_minor, row.currency, cost)


def save(tx: Transaction, changed: Sequence[Valuation]) -> None:
    """Store locked valuations as they are now."""
    rows = [
        {
            "item_id": each.item_id,
            "quantity_milli": each.milli,
            "value_minor": each.minor,
            "currency": each.currency,
            "unit_cost_e4": None if each.unit_cost is None else each.unit_cost.e4,
            "changed_at": tx.now,
        }
        for each in changed
    ]
    tx.connection.execute(_SAVE.on(tx.connection), rows)


def add_revaluations(tx: Transaction, new: Sequence[Revaluation]) -> list[str]:
    """Write down what changed in value without moving; return the id of each."""
    rows = [
        {
            "id": tx.new_id(),
            "item_id": each.item_id,
            "value_minor": each.amount.minor,
            "currency": each.amount.currency,
            "unit_cost_e4": each.unit_cost.e4,
            "reason": each.reason,
            "valued_on": each.valued_on,
            "actor": tx.cause.actor,
            "recorded_at": tx.now,
        }
        for each in new
    ]
    tx.connection.execute(insert(revaluation), rows)
    return [str(row["id"]) for row in rows]


def costs_of_shipment(connection: Connection, delivery_id: str) -> dict[StockKey, Money | None]:
    """Return what the goods of a shipped delivery cost, by stock row; ``None`` where no cost was known then."""
    query = (
        select(stock_move, item_value.c.currency)
        .join(item_value, item_value.c.item_id == stock_move.c.item_id)
        .where(stock_move.c.document_id == delivery_id, stock_move.c.kind == "shipment")
    )
    return {
        StockKey(row.item_id, row.warehouse_id, row.lot): (
            None if row.value_minor is None else Money(-row.value_minor, row.currency)
        )
        for row in connection.execute(query)
    }


def restocked_of_delivery(connection: Connection, delivery_id: str) -> dict[tuple[str, str], Quantity]:
    """Return how much of a delivery lies on the shelves again, by order line and lot."""
    line = goods_return_line.c
    restocked = func.sum(type_coerce(line.restocked_milli, BigInteger))
    query = (
        select(line.order_line_id, line.lot, cast(restocked, BigInteger).label("milli"))
        .join(goods_return, goods_return.c.id == line.return_id)
        .where(goods_return.c.delivery_id == delivery_id)
        .group_by(line.order_line_id, line.lot)
    )
    return {(row.order_line_id, row.lot): Quantity(int(row.milli)) for row in connection.execute(query)}
