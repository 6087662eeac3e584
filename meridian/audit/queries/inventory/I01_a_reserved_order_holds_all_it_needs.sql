-- A reserved order holds exactly what it has not shipped.
SELECT r.order_id AS id FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
WHERE r.state = 'reserved' AND l.quantity_milli - l.shipped_milli <> COALESCE((
  SELECT SUM(a.held_milli) FROM allocation a
  WHERE a.reservation_id = l.reservation_id AND a.order_line_id = l.order_line_id), 0)
ORDER BY r.order_id
