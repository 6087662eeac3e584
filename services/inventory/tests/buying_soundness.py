"""What must always hold of what is bought, each with the ids of what breaks it."""

from __future__ import annotations

from sqlalchemy import Connection, text

_COMING = """
    COALESCE((SELECT SUM(l.quantity_milli - l.received_milli) FROM purchase_order_line l
        JOIN purchase_order o ON o.id = l.purchase_order_id
        JOIN requisition f ON f.id = l.requisition_id AND f.origin <> 'order'
        WHERE l.item_id = r.item_id AND l.quantity_milli > l.received_milli
        AND o.state IN ('draft', 'sent', 'confirmed', 'partially_received')), 0)
    + COALESCE((SELECT SUM(a.quantity_milli) FROM requisition a
        WHERE a.item_id = r.item_id AND a.state = 'approved' AND a.origin NOT IN ('shortage', 'order')), 0)
    + COALESCE((SELECT SUM(m.quantity_milli - m.finished_milli) FROM production_order m
        WHERE m.item_id = r.item_id AND m.quantity_milli > m.finished_milli
        AND m.state IN ('waiting', 'assigned', 'running')), 0)
"""
_LACKING = f"""
    COALESCE((SELECT SUM(w.quantity_milli) FROM waiting w WHERE w.item_id = r.item_id), 0)
    + COALESCE((SELECT SUM(c.quantity_milli) FROM component_want c WHERE c.item_id = r.item_id), 0)
    - COALESCE((SELECT SUM(s.on_hand_milli - s.reserved_milli) FROM stock s JOIN warehouse h ON h.id = s.warehouse_id
        WHERE s.item_id = r.item_id AND h.quarantine_of IS NULL AND NOT s.expired), 0)
    - ({_COMING})
"""


def received_not_sum_of_receipts(connection: Connection) -> list[str]:
    """Return lines of purchase orders whose received quantity is not the sum of their receipts."""
    return _ids(
        connection,
        "SELECT l.id FROM purchase_order_line l WHERE l.received_milli <> COALESCE((SELECT SUM(p.quantity_milli) "
        "FROM purchase_receipt_line p WHERE p.purchase_order_line_id = l.id), 0)",
    )


def received_not_in_the_ledger(connection: Connection) -> list[str]:
    """Return receipts of purchase orders whose lines are not the moves of their document, lot by lot."""
    return _ids(
        connection,
        "SELECT p.document_id FROM purchase_receipt_line p GROUP BY p.document_id, p.item_id, p.lot "
        "HAVING SUM(p.quantity_milli) <> COALESCE((SELECT SUM(m.quantity_milli) FROM stock_move m "
        "WHERE m.document_id = p.document_id AND m.item_id = p.item_id AND m.lot = p.lot), 0)",
    )


def shortages_bought_twice(connection: Connection) -> list[str]:
    """Return items of which more is asked for, to be bought or made, because of a shortage than is lacking."""
    return _ids(
        connection,
        "SELECT r.item_id FROM (SELECT item_id, need_milli FROM requisition WHERE origin = 'shortage' "
        "AND state IN ('open', 'approved') UNION ALL SELECT item_id, need_milli FROM production_order "
        "WHERE origin = 'shortage' AND state = 'request') r "
        f"GROUP BY r.item_id HAVING SUM(r.need_milli) > {_LACKING}",
    )


def purchase_orders_in_a_wrong_state(connection: Connection) -> list[str]:
    """Return purchase orders whose state does not say what came in of their lines."""
    return _ids(
        connection,
        "SELECT o.id FROM purchase_order o JOIN purchase_order_line l ON l.purchase_order_id = o.id "
        "GROUP BY o.id, o.state HAVING (o.state IN ('draft', 'sent', 'confirmed', 'cancelled') "
        "AND SUM(l.received_milli) > 0) OR (o.state = 'received' AND MIN(l.received_milli - l.quantity_milli) < 0) "
        "OR (o.state = 'partially_received' AND (SUM(l.received_milli) = 0 "
        "OR MIN(l.received_milli - l.quantity_milli) >= 0))",
    )


def requisitions_in_a_wrong_state(connection: Connection) -> list[str]:
    """Return requisitions that are on order although their purchase order is over, or the other way round."""
    return _ids(
        connection,
        "SELECT r.id FROM requisition r JOIN purchase_order o ON o.id = r.purchase_order_id "
        "JOIN purchase_order_line l ON l.purchase_order_id = o.id AND l.requisition_id = r.id "
        "WHERE o.state = 'cancelled' OR (r.state = 'closed') <> "
        "(o.state = 'closed' OR l.received_milli >= l.quantity_milli)",
    )


BUYING_CHECKS = (
    received_not_sum_of_receipts,
    received_not_in_the_ledger,
    shortages_bought_twice,
    purchase_orders_in_a_wrong_state,
    requisitions_in_a_wrong_state,
)


def _ids(connection: Connection, statement: str) -> list[str]:
    return [str(found) for found in connection.execute(text(statement)).scalars()]
