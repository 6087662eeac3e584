-- What an order is got for it alone and has not yet is asked for, or on order, or waits in front, line by line.
SELECT r.order_id AS id FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
WHERE r.state = 'sourcing' AND l.quantity_milli - l.shipped_milli - COALESCE((
    SELECT m.quantity_milli FROM missing_part m
    WHERE m.reservation_id = l.reservation_id AND m.order_line_id = l.order_line_id), 0) > COALESCE((
    SELECT SUM(a.held_milli) FROM allocation a
    WHERE a.reservation_id = l.reservation_id AND a.order_line_id = l.order_line_id), 0)
  AND NOT EXISTS (
    SELECT 1 FROM requisition q
    WHERE q.order_line_id = l.order_line_id AND q.state IN ('open', 'approved', 'ordered'))
ORDER BY r.order_id
