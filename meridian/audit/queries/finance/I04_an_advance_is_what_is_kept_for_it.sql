-- What came in for an advance is what payments keep or kept for it, and its order holds as much credit as is left.
SELECT a.order_id AS id FROM advance a
WHERE a.covered_minor <> COALESCE((
    SELECT SUM(e.amount_minor) FROM earmark e WHERE e.order_id = a.order_id), 0)
   OR COALESCE((SELECT SUM(e.left_minor) FROM earmark e WHERE e.order_id = a.order_id), 0) <> COALESCE((
    SELECT h.held_minor FROM credit_hold h WHERE h.order_id = a.order_id), 0)
ORDER BY a.order_id
