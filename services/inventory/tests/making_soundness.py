"""What must always hold of what is made, each with the ids of what breaks it."""

from __future__ import annotations

from sqlalchemy import Connection, text


def made_not_in_reports(connection: Connection) -> list[str]:
    """Return production orders that made something else than their reports say."""
    return _ids(
        connection,
        "SELECT o.id FROM production_order o WHERE o.finished_milli <> COALESCE((SELECT SUM(r.finished_milli) "
        "FROM production_report r WHERE r.production_order_id = o.id), 0) OR o.scrapped_milli <> COALESCE(("
        "SELECT SUM(r.scrapped_milli) FROM production_report r WHERE r.production_order_id = o.id), 0)",
    )


def reports_not_in_the_ledger(connection: Connection) -> list[str]:
    """Return reports whose moves are not what they finished and used up."""
    return _ids(
        connection,
        "SELECT r.id FROM production_report r WHERE r.finished_milli <> COALESCE((SELECT SUM(m.quantity_milli) "
        "FROM stock_move m WHERE m.document_id = r.id AND m.kind = 'production'), 0) "
        "UNION SELECT c.report_id FROM production_consumption c WHERE -c.quantity_milli <> COALESCE(("
        "SELECT SUM(m.quantity_milli) FROM stock_move m WHERE m.document_id = c.report_id "
        "AND m.item_id = c.component_id AND m.kind = 'consumption'), 0) "
        "UNION SELECT m.document_id FROM stock_move m WHERE m.kind = 'consumption' AND NOT EXISTS (SELECT 1 "
        "FROM production_consumption c WHERE c.report_id = m.document_id AND c.component_id = m.item_id)",
    )


def components_not_as_reported(connection: Connection) -> list[str]:
    """Return orders with a component of which something else was used up, by plan or really, than reports say."""
    return _ids(
        connection,
        "SELECT p.production_order_id FROM production_component p WHERE p.used_milli <> COALESCE((SELECT "
        "SUM(c.planned_milli) FROM production_consumption c JOIN production_report r ON r.id = c.report_id "
        "WHERE r.production_order_id = p.production_order_id AND c.component_id = p.component_id), 0) "
        "OR p.consumed_milli <> COALESCE((SELECT SUM(c.quantity_milli) FROM production_consumption c "
        "JOIN production_report r ON r.id = c.report_id WHERE r.production_order_id = p.production_order_id "
        "AND c.component_id = p.component_id), 0)",
    )


def components_not_held_or_queued(connection: Connection) -> list[str]:
    """Return orders with a component of which they do not hold or wait for exactly what the rest needs."""
    held = (
        "COALESCE((SELECT SUM(a.held_milli) FROM component_allocation a WHERE a.item_id = p.component_id "
        "AND a.production_order_id = p.production_order_id), 0)"
    )
    queued = (
        "COALESCE((SELECT SUM(w.quantity_milli) FROM component_want w WHERE w.item_id = p.component_id "
        "AND w.production_order_id = p.production_order_id), 0)"
    )
    return _ids(
        connection,
        "SELECT p.production_order_id FROM production_component p "
        f"WHERE p.required_milli - p.used_milli <> {held} + {queued}",
    )


def production_orders_in_a_wrong_state(connection: Connection) -> list[str]:
    """Return orders that wait with everything, are assigned with something missing, or are over and need more."""
    wants = "SELECT 1 FROM component_want w WHERE w.production_order_id = o.id"
    needs = (
        "SELECT 1 FROM production_component p WHERE p.production_order_id = o.id "
        "AND p.required_milli <> p.used_milli"
    )
    return _ids(
        connection,
        f"SELECT o.id FROM production_order o WHERE (o.state = 'waiting' AND NOT EXISTS ({wants})) "
        f"OR (o.state IN ('assigned', 'done', 'cancelled') AND EXISTS ({wants})) "
        f"OR (o.state IN ('done', 'cancelled') AND EXISTS ({needs})) "
        "OR (o.state = 'running' AND o.finished_milli >= o.quantity_milli)",
    )


MAKING_CHECKS = (
    made_not_in_reports,
    reports_not_in_the_ledger,
    components_not_as_reported,
    components_not_held_or_queued,
    production_orders_in_a_wrong_state,
)


def _ids(connection: Connection, statement: str) -> list[str]:
    return [str(found) for found in connection.execute(text(statement)).scalars()]
