-- A released or consumed reservation holds nothing.
SELECT r.order_id AS id FROM reservation r JOIN allocation a ON a.reservation_id = r.id
WHERE r.state IN ('released', 'consumed', 'waiting', 'rejected') AND a.held_milli <> 0 ORDER BY r.order_id
