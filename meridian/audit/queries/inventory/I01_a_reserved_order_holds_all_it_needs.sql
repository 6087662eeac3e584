-- A reserved order holds exactly what it has not shipped, but for what was not found and waits in front.
SELECT r.order_id AS id FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
WHERE r.state = 'reserved' AND l.quantity_milli - l.shipped_milli - COALESCE((
  SELECT m.quantity_milli FROM missing_part m
  WHERE m.reservation_id = l.reservation_id AND m.order_line_id = l.order_line_id), 0) <> COALESCE((
  SELECT SUM(a.held_milli) FROM allocation a
  WHERE a.reservation_id = l.reservation_id AND a.order_line_id = l.order_line_id), 0)
ORDER BY r.order_id
