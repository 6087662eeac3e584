"""What people call things here: codes of items and warehouses, numbers of documents; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.inventory.store.tables import (
    delivery,
    item,
    reservation,
    reservation_line,
    stock_move,
    supplier,
    warehouse,
)


def items_by_sku(connection: Connection) -> dict[str, str]:
    """Return each item's id by its code."""
    return {row.sku: row.id for row in connection.execute(select(item.c.sku, item.c.id))}


def warehouses_by_code(connection: Connection) -> dict[str, str]:
    """Return each warehouse's id by its code."""
    return {row.code: row.id for row in connection.execute(select(warehouse.c.code, warehouse.c.id))}


def suppliers_by_number(connection: Connection) -> dict[str, str]:
    """Return each supplier's id by number."""
    return {row.number: row.id for row in connection.execute(select(supplier.c.number, supplier.c.id))}


def opened_stock(connection: Connection) -> set[tuple[str, str, str]]:
    """Return warehouse code, item code and lot of everything whose opening stock was booked."""
    query = (
        select(warehouse.c.code, item.c.sku, stock_move.c.lot)
        .join(warehouse, warehouse.c.id == stock_move.c.warehouse_id)
        .join(item, item.c.id == stock_move.c.item_id)
        .where(stock_move.c.kind == "opening")
    )
    return {(row.code, row.sku, row.lot) for row in connection.execute(query)}


def delivery_numbers(connection: Connection) -> set[str]:
    """Return the number of every delivery note."""
    return set(connection.execute(select(delivery.c.number)).scalars())


def orders_by_number(connection: Connection) -> dict[str, str]:
    """Return the id of each order that inventory has heard of by its number."""
    query = select(reservation.c.order_number, reservation.c.order_id)
    return {row.order_number: row.order_id for row in connection.execute(query)}


def recorded_lines(connection: Connection) -> dict[tuple[str, int], str]:
    """Return the id of each line of orders of another system by order number and line number."""
    query = (
        select(
            reservation.c.order_number,
            reservation_line.c.position,
            reservation_line.c.order_line_id,
        )
        .join(reservation_line, reservation_line.c.reservation_id == reservation.c.id)
        .where(reservation.c.state.in_(("recorded", "consumed")))
    )
    return {(row.order_number, row.position): row.order_line_id for row in connection.execute(query)}
