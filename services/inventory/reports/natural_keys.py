"""What people call things here: codes of items and warehouses, numbers of documents; for bringing data in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import rows_among
from services.inventory.store.tables import (
    delivery,
    item,
    reservation,
    reservation_line,
    stock_move,
    supplier,
    warehouse,
)


def items_by_sku(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Return the id of each item that has one of ``codes``, by code."""
    query = select(item.c.sku, item.c.id)
    return {row.sku: row.id for row in rows_among(connection, query, item.c.sku, codes)}


def warehouses_by_code(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Return the id of each warehouse that has one of ``codes``, by code."""
    query = select(warehouse.c.code, warehouse.c.id)
    return {row.code: row.id for row in rows_among(connection, query, warehouse.c.code, codes)}


def suppliers_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each supplier that has one of ``numbers``, by number."""
    query = select(supplier.c.number, supplier.c.id)
    return {row.number: row.id for row in rows_among(connection, query, supplier.c.number, numbers)}


def opened_stock(connection: Connection, codes: Iterable[str]) -> set[tuple[str, str, str]]:
    """Return warehouse code, item code and lot of the opening stock that was booked of items with ``codes``."""
    query = (
        select(warehouse.c.code, item.c.sku, stock_move.c.lot)
        .join(warehouse, warehouse.c.id == stock_move.c.warehouse_id)
        .join(item, item.c.id == stock_move.c.item_id)
        .where(stock_move.c.kind == "opening")
    )
    return {(row.code, row.sku, row.lot) for row in rows_among(connection, query, item.c.sku, codes)}


def delivery_numbers(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that a delivery note has."""
    query = select(delivery.c.number)
    return {row.number for row in rows_among(connection, query, delivery.c.number, numbers)}


def orders_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each order with one of ``numbers`` that inventory has heard of, by number."""
    query = select(reservation.c.order_number, reservation.c.order_id)
    rows = rows_among(connection, query, reservation.c.order_number, numbers)
    return {row.order_number: row.order_id for row in rows}


def recorded_lines(connection: Connection, numbers: Iterable[str]) -> dict[tuple[str, int], str]:
    """Return the id of each line of the other system's orders with ``numbers``, by order and line number."""
    query = (
        select(
            reservation.c.order_number,
            reservation_line.c.position,
            reservation_line.c.order_line_id,
        )
        .join(reservation_line, reservation_line.c.reservation_id == reservation.c.id)
        .where(reservation.c.state.in_(("recorded", "consumed")))
    )
    rows = rows_among(connection, query, reservation.c.order_number, numbers)
    return {(row.order_number, row.position): row.order_line_id for row in rows}
