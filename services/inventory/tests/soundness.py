"""What must always hold in inventory's database, each with the ids of what breaks it; all empty means all well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    select,
    type_coerce,
    union_all,
)

from services.inventory.domain.delivery import OPEN_STATES
from services.inventory.store.flow_tables import item_day
from services.inventory.store.fulfilment_tables import missing_part
from services.inventory.store.production_tables import component_allocation
from services.inventory.store.tables import (
    allocation,
    delivery,
    delivery_line,
    goods_return,
    goods_return_line,
    reservation,
    reservation_line,
    returned_part,
    stock,
    stock_move,
    waiting,
    warehouse,
)
from services.inventory.tests.buying_soundness import BUYING_CHECKS
from services.inventory.tests.making_soundness import MAKING_CHECKS
from services.inventory.tests.value_soundness import VALUE_CHECKS

_ROW = ("item_id", "warehouse_id", "lot")
_NOTHING = 0


def violations(connection: Connection) -> dict[str, list[str]]:
    """Return, by invariant, what breaks it."""
    return {name: check(connection) for name, check in CHECKS.items()}


def stock_out_of_bounds(connection: Connection) -> list[str]:
    """Return stock rows with less than nothing reserved, or more reserved than on hand."""
    wrong = (stock.c.reserved_milli < _NOTHING) | (stock.c.reserved_milli > stock.c.on_hand_milli)
    return _keys(connection, select(*(stock.c[name] for name in _ROW)).where(wrong))


def stock_not_sum_of_moves(connection: Connection) -> list[str]:
    """Return stock rows whose quantity on hand is not the sum of their moves, and moves without a stock row."""
    moved = _sums(stock_move, "quantity_milli", _ROW)
    return _differences(connection, moved, "on_hand_milli")


def days_not_sum_of_moves(connection: Connection) -> list[str]:
    """Return items of which what is kept of a day and a warehouse is not the sum of the moves of that day."""
    key = ("item_id", "warehouse_id", "day")
    moved = select(
        *(stock_move.c[name] for name in ("item_id", "warehouse_id")),
        stock_move.c.moved_on.label("day"),
        stock_move.c.quantity_milli.label("change_milli"),
        case((stock_move.c.kind == "shipment", -_milli(stock_move.c.quantity_milli)), else_=0).label(
            "shipped_milli"
        ),
        case((stock_move.c.kind == "return", _milli(stock_move.c.quantity_milli)), else_=0).label(
            "returned_milli"
        ),
    ).subquery()
    wrong: list[str] = []
    for column in ("change_milli", "shipped_milli", "returned_milli"):
        truth, kept = (_sums(table, column, key) for table in (moved, item_day))
        same = and_(*(kept.c[name] == truth.c[name] for name in key))
        query = select(func.coalesce(truth.c.item_id, kept.c.item_id)).join_from(truth, kept, same, full=True)
        differs = func.coalesce(truth.c.milli, _NOTHING) != func.coalesce(kept.c.milli, _NOTHING)
        wrong += _keys(connection, query.where(differs).distinct())
    return wrong


def stock_not_sum_of_allocations(connection: Connection) -> list[str]:
    """Return stock rows whose reserved quantity is not what reservations and production orders hold of them."""
    columns = (*_ROW, "held_milli")
    both = union_all(
        *(select(*(part.c[name] for name in columns)) for part in (allocation, component_allocation))
    )
    held = _sums(both.subquery(), "held_milli", _ROW)
    return _differences(connection, held, "reserved_milli")


def reservations_not_covered(connection: Connection) -> list[str]:
    """Return orders of which a line holds something else than its state demands.

    Reserved: all that was not shipped and is not missing; sourcing, and partial: no more than that. Consumed: nothing,
    and all was shipped. Others: nothing.
    """
    held = _sums(allocation, "held_milli", ("reservation_id", "order_line_id"))
    line = reservation_line
    open_milli = _milli(line.c.quantity_milli) - _milli(line.c.shipped_milli)
    holds = func.coalesce(held.c.milli, _NOTHING)
    lacks = func.coalesce(_milli(missing_part.c.quantity_milli), _NOTHING)
    wrong = (
        ((reservation.c.state == "reserved") & (holds + lacks != open_milli))
        | ((reservation.c.state == "consumed") & (open_milli != _NOTHING))
        | (reservation.c.state.in_(("sourcing", "partial")) & (holds + lacks > open_milli))
        | (reservation.c.state.not_in(("reserved", "sourcing", "partial")) & (holds != _NOTHING))
    )
    statement = (
        select(reservation.c.order_id)
        .join(line, line.c.reservation_id == reservation.c.id)
        .outerjoin(
            held,
            (held.c.reservation_id == line.c.reservation_id) & (held.c.order_line_id == line.c.order_line_id),
        )
        .outerjoin(
            missing_part,
            (missing_part.c.reservation_id == line.c.reservation_id)
            & (missing_part.c.order_line_id == line.c.order_line_id),
        )
        .where(wrong)
        .distinct()
    )
    return _keys(connection, statement)


def shipped_not_sum_of_deliveries(connection: Connection) -> list[str]:
    """Return orders of which a line's shipped quantity is not the sum of its shipped delivery lines."""
    gone = _delivered(("shipped", "delivered"))
    line = reservation_line
    statement = (
        select(reservation.c.order_id)
        .join(line, line.c.reservation_id == reservation.c.id)
        .outerjoin(
            gone, (gone.c.order_id == reservation.c.order_id) & (gone.c.order_line_id == line.c.order_line_id)
        )
        .where(_milli(line.c.shipped_milli) != func.coalesce(gone.c.milli, _NOTHING))
        .distinct()
    )
    return _keys(connection, statement)


def deliveries_without_stock(connection: Connection) -> list[str]:
    """Return orders with open delivery notes that hold something else than what is reserved for the order."""
    noted = _delivered(OPEN_STATES)
    held = _sums(allocation, "held_milli", ("reservation_id", "order_line_id"))
    statement = (
        select(reservation.c.order_id)
        .join(noted, noted.c.order_id == reservation.c.order_id)
        .outerjoin(
            held,
            (held.c.reservation_id == reservation.c.id) & (held.c.order_line_id == noted.c.order_line_id),
        )
        .where(noted.c.milli != func.coalesce(held.c.milli, _NOTHING))
        .distinct()
    )
    return _keys(connection, statement)


def queue_not_of_waiting(connection: Connection) -> list[str]:
    """Return orders that wait without standing in a queue, or stand in one without waiting or lacking anything."""
    queued = select(waiting.c.reservation_id)
    lacking = select(missing_part.c.reservation_id)
    waits = reservation.c.state.in_(("waiting", "partial")) | reservation.c.id.in_(lacking)
    wrong = (waits & reservation.c.id.not_in(queued)) | (~waits & reservation.c.id.in_(queued))
    return _keys(connection, select(reservation.c.order_id).where(wrong))


def place_not_the_same(connection: Connection) -> list[str]:
    """Return waiting orders whose place in a queue is not their own."""
    same = waiting.c.reservation_id == reservation.c.id
    query = select(reservation.c.order_id).join(waiting, same)
    waits = reservation.c.state.in_(("waiting", "partial"))
    return _keys(connection, query.where(waits, waiting.c.queue_no != reservation.c.queue_no))


def returned_not_counted(connection: Connection) -> list[str]:
    """Return shipped parts that count something else than their returns say, or more than was shipped."""
    line, head = goods_return_line.c, goods_return.c
    counts = case(
        (head.state.in_(("rejected", "cancelled")), _NOTHING),
        (head.state.in_(("requested", "approved")), _milli(line.quantity_milli)),
        else_=_milli(line.received_milli),
    )
    key = (head.delivery_id, line.order_line_id, line.lot)
    said = (
        select(*key, cast(func.sum(counts), BigInteger).label("milli"))
        .join(goods_return, head.id == line.return_id)
        .group_by(*key)
        .subquery()
    )
    same = tuple(returned_part.c[name] == said.c[name] for name in ("delivery_id", "order_line_id", "lot"))
    counted = _milli(returned_part.c.returned_milli)
    differ = select(returned_part.c.delivery_id).outerjoin(said, and_(*same))
    shipped = _milli(returned_part.c.shipped_milli)
    return _keys(
        connection, differ.where((counted != func.coalesce(said.c.milli, _NOTHING)) | (counted > shipped))
    )


def quarantine_not_what_waits(connection: Connection) -> list[str]:
    """Return items of which something else lies in quarantine than was received and not inspected."""
    line = goods_return_line.c
    waits = _milli(line.received_milli) - _milli(line.restocked_milli) - _milli(line.scrapped_milli)
    expected = _by_item(connection, select(line.item_id, func.sum(waits)).group_by(line.item_id))
    place = warehouse.c.quarantine_of.is_not(None)
    lies = (
        select(stock.c.item_id, func.sum(_milli(stock.c.on_hand_milli)))
        .join(warehouse, warehouse.c.id == stock.c.warehouse_id)
        .where(place)
        .group_by(stock.c.item_id)
    )
    found = _by_item(connection, lies)
    return sorted(
        item for item in expected.keys() | found.keys() if expected.get(item, 0) != found.get(item, 0)
    )


def _by_item(connection: Connection, statement: Select[Any]) -> dict[str, int]:
    return {str(item_id): int(milli) for item_id, milli in connection.execute(statement)}


CHECKS: dict[str, Callable[[Connection], list[str]]] = {
    check.__name__: check
    for check in (
        stock_out_of_bounds,
        stock_not_sum_of_moves,
        days_not_sum_of_moves,
        stock_not_sum_of_allocations,
        reservations_not_covered,
        shipped_not_sum_of_deliveries,
        deliveries_without_stock,
        queue_not_of_waiting,
        place_not_the_same,
        returned_not_counted,
        quarantine_not_what_waits,
        *BUYING_CHECKS,
        *MAKING_CHECKS,
        *VALUE_CHECKS,
    )
}


def _milli(column: Any) -> Any:
    return type_coerce(column, BigInteger)


def _sums(table: FromClause, column: str, key: tuple[str, ...]) -> Any:
    """Return ``table``'s sums of ``column`` in milli per ``key``, as a subquery."""
    total = cast(func.sum(_milli(table.c[column])), BigInteger).label("milli")
    names = [table.c[name] for name in key]
    return select(*names, total).group_by(*names).subquery()


def _delivered(states: tuple[str, ...]) -> Any:
    """Return what the delivery notes in ``states`` hold, in milli per order line, as a subquery."""
    total = cast(func.sum(_milli(delivery_line.c.quantity_milli)), BigInteger).label("milli")
    key = (delivery.c.order_id, delivery_line.c.order_line_id)
    joined = select(*key, total).join(delivery_line, delivery_line.c.delivery_id == delivery.c.id)
    return joined.where(delivery.c.state.in_(states)).group_by(*key).subquery()


def _differences(connection: Connection, sums: Any, column: str) -> list[str]:
    """Return the keys of stock rows whose ``column`` differs from ``sums``, and of sums without a stock row."""
    same = (sums.c.item_id == stock.c.item_id) & (sums.c.warehouse_id == stock.c.warehouse_id)
    same = same & (sums.c.lot == stock.c.lot)
    differ = select(*(stock.c[name] for name in _ROW)).outerjoin(sums, same)
    lonely = select(*(sums.c[name] for name in _ROW)).outerjoin(stock, same).where(stock.c.item_id.is_(None))
    return _keys(
        connection, differ.where(_milli(stock.c[column]) != func.coalesce(sums.c.milli, _NOTHING))
    ) + _keys(connection, lonely.where(sums.c.milli != _NOTHING))


def _keys(connection: Connection, statement: Select[Any]) -> list[str]:
    return ["/".join(str(part) for part in row) for row in connection.execute(statement)]
