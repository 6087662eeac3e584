"""What must always hold of what stock is worth; part of ``soundness``."""

from __future__ import annotations

from sqlalchemy import Connection, text


def quantity_valued_not_what_lies_there(connection: Connection) -> list[str]:
    """Return items of which more or less is valued than lies in their warehouses, quarantine left out."""
    lies = _by_item(
        connection,
        "SELECT s.item_id, SUM(s.on_hand_milli) FROM stock s JOIN warehouse w ON w.id = s.warehouse_id "
        "WHERE w.quarantine_of IS NULL GROUP BY s.item_id",
    )
    return _differing(lies, _by_item(connection, "SELECT item_id, quantity_milli FROM item_value"))


def value_not_sum_of_moves(connection: Connection) -> list[str]:
    """Return items whose stock is worth something else than moves and revaluations made of it."""
    made = _by_item(
        connection,
        "SELECT item_id, SUM(minor) FROM (SELECT item_id, value_minor AS minor FROM stock_move "
        "WHERE value_minor IS NOT NULL UNION ALL SELECT item_id, value_minor FROM revaluation) x GROUP BY item_id",
    )
    return _differing(made, _by_item(connection, "SELECT item_id, value_minor FROM item_value"))


def nothing_worth_something(connection: Connection) -> list[str]:
    """Return items of which nothing is there and that is worth something."""
    wrong = "SELECT item_id FROM item_value WHERE quantity_milli = 0 AND value_minor <> 0"
    return [str(found) for found in connection.execute(text(wrong)).scalars()]


VALUE_CHECKS = (quantity_valued_not_what_lies_there, value_not_sum_of_moves, nothing_worth_something)


def _by_item(connection: Connection, statement: str) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(text(statement))}


def _differing(one: dict[str, int], other: dict[str, int]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key, 0) != other.get(key, 0))
