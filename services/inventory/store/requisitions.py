"""Requisitions: load, lock, save, and what decides how much is lacking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, func, insert, select, type_coerce, update

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.inventory.domain.requisition import UNORDERED, Lack, Origin, Requisition
from services.inventory.domain.stock import available_by_item
from services.inventory.store import production_orders, purchase_orders, queue, stock
from services.inventory.store.purchase_tables import requisition

_NAMES = (
    "id", "number", "item_id", "warehouse_id", "origin", "state", "supplier_id", "requested_by", "approved_by",
    "purchase_order_id", "note", "reason", "version",
    "order_id", "order_line_id", "approval_id",
)  # fmt: skip
_CHANGING = ("state", "supplier_id", "approved_by", "purchase_order_id", "reason", "approval_id")


def of_row(row: Row[Any]) -> Requisition:
    """Return the requisition that stands in a row of its table."""
    known = {name: getattr(row, name) for name in _NAMES}
    return Requisition(**known, need=row.need_milli, quantity=row.quantity_milli)


def find(connection: Connection, requisition_id: str) -> Requisition | None:
    """Return a requisition, or nothing; not locked."""
    row = connection.execute(select(requisition).where(requisition.c.id == requisition_id)).one_or_none()
    return of_row(row) if row else None


def known(connection: Connection, requisition_ids: Collection[str]) -> dict[str, Requisition]:
    """Return the known ones of ``requisition_ids``, by id, not locked."""
    return _by_id(connection, _among(requisition_ids))


def lock(connection: Connection, requisition_ids: Collection[str]) -> dict[str, Requisition]:
    """Return the known ones of ``requisition_ids``, by id, and keep them to this transaction.

    Whoever changes a requisition locks its item first.
    """
    return _by_id(connection, _locked(_among(requisition_ids)))


def of_purchase_order(connection: Connection, purchase_order_id: str) -> dict[str, Requisition]:
    """Return the requisitions that a purchase order was made from, by id, and keep them to this transaction."""
    query = select(requisition).where(requisition.c.purchase_order_id == purchase_order_id)
    return _by_id(connection, _locked(query))


def standing(
    connection: Connection, item_ids: Collection[str], origin: Origin, warehouse_id: str | None = None
) -> list[Requisition]:
    """Return the requisitions of an origin for locked items that are not ordered yet, and keep them."""
    query = select(requisition).where(
        requisition.c.item_id.in_(sorted(set(item_ids))),
        requisition.c.state.in_(UNORDERED),
        requisition.c.origin == origin,
    )
    if warehouse_id is not None:
        query = query.where(requisition.c.warehouse_id == warehouse_id)
    return list(_by_id(connection, _locked(query)).values())


def unordered(connection: Connection, item_id: str, warehouse_id: str) -> list[Requisition]:
    """Return everything that is asked for of an item for a warehouse and not ordered yet; not locked."""
    query = select(requisition).where(
        requisition.c.item_id == item_id,
        requisition.c.warehouse_id == warehouse_id,
        requisition.c.state.in_(UNORDERED),
    )
    return list(_by_id(connection, query).values())


def unordered_of_order(connection: Connection, order_id: str) -> list[Requisition]:
    """Return what was asked for an order and not ordered yet, and keep it to this transaction."""
    query = select(requisition).where(requisition.c.order_id == order_id, requisition.c.state.in_(UNORDERED))
    return list(_by_id(connection, _locked(query)).values())


def alive_lines(connection: Connection, order_id: str) -> set[str]:
    """Return the order lines for which something is still to be ordered, or on order."""
    alive = requisition.c.state.in_((*UNORDERED, "ordered"))
    query = select(requisition.c.order_line_id).where(requisition.c.order_id == order_id, alive)
    return set(connection.execute(query).scalars())


def lacks(connection: Connection, item_ids: Collection[str]) -> dict[str, Lack]:
    """Return what decides how much is lacking of each of the locked items.

    What is coming: what is outstanding of purchase orders, drafts among them, and of released production orders, what
    was approved for another reason than a shortage, and what is under way between warehouses. What is got for one
    order is not there for others.
    """
    wanted = queue.wanted(connection, item_ids)
    available = available_by_item(stock.rows(connection, item_ids))
    ordered = purchase_orders.outstanding(connection, item_ids)
    made = production_orders.outstanding(connection, item_ids)
    approved = _approved_otherwise(connection, item_ids)
    moving = stock.under_way(connection, item_ids)
    return {
        item_id: Lack(
            wanted.get(item_id, 0),
            available.get(item_id, 0),
            ordered.get(item_id, 0)
            + made.get(item_id, 0)
            + approved.get(item_id, 0)
            + moving.get(item_id, 0),
        )
        for item_id in item_ids
    }


def _approved_otherwise(connection: Connection, item_ids: Collection[str]) -> dict[str, int]:
    quantity = type_coerce(requisition.c.quantity_milli, BigInteger)
    query = (
        select(requisition.c.item_id, func.sum(quantity).label("milli"))
        .where(
            requisition.c.item_id.in_(sorted(set(item_ids))),
            requisition.c.state == "approved",
            requisition.c.origin.not_in(("shortage", "order")),
        )
        .group_by(requisition.c.item_id)
    )
    return {row.item_id: int(row.milli) for row in connection.execute(query)}


def add(tx: Transaction, new: Requisition) -> None:
    """Store a new requisition."""
    values = {name: getattr(new, name) for name in _NAMES}
    stamps = {"created_at": tx.now, "updated_at": tx.now}
    quantities = {"need_milli": new.need, "quantity_milli": new.quantity}
    tx.connection.execute(insert(requisition).values(**values, **quantities, **stamps))


def save(tx: Transaction, changed: Sequence[Requisition]) -> list[Requisition]:
    """Store changed requisitions, each as its next version; ``VersionMismatch`` when somebody was faster."""
    return [_save(tx, each) for each in changed]


def _save(tx: Transaction, changed: Requisition) -> Requisition:
    values = {name: getattr(changed, name) for name in _CHANGING}
    statement = (
        update(requisition)
        .where(requisition.c.id == changed.id, requisition.c.version == changed.version)
        .values(
            **values,
            need_milli=changed.need,
            quantity_milli=changed.quantity,
            version=changed.version + 1,
            updated_at=tx.now,
        )
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"requisition {changed.number} was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def _among(requisition_ids: Collection[str]) -> Select[Any]:
    return select(requisition).where(requisition.c.id.in_(sorted(set(requisition_ids))))


def _locked(query: Select[Any]) -> Select[Any]:
    return query.order_by(requisition.c.id).with_for_update(key_share=True)


def _by_id(connection: Connection, query: Select[Any]) -> dict[str, Requisition]:
    return {row.id: of_row(row) for row in connection.execute(query)}
