-- What an order in the queue has got, holds and waits for is what it wants, item by item, and only one that takes a part holds any.
SELECT l.order_id AS id FROM (
  SELECT r.order_id, r.id, r.state, r.takes_part, b.item_id, SUM(b.quantity_milli) AS wanted, SUM(b.shipped_milli) AS shipped
  FROM reservation r JOIN reservation_line b ON b.reservation_id = r.id
  WHERE r.state IN ('waiting', 'partial')
  GROUP BY r.order_id, r.id, r.state, r.takes_part, b.item_id) l
LEFT JOIN (
  SELECT a.reservation_id, a.item_id, SUM(a.held_milli) AS milli FROM allocation a
  GROUP BY a.reservation_id, a.item_id) h ON h.reservation_id = l.id AND h.item_id = l.item_id
LEFT JOIN waiting w ON w.reservation_id = l.id AND w.item_id = l.item_id
WHERE l.wanted <> l.shipped + COALESCE(h.milli, 0) + COALESCE(w.quantity_milli, 0)
   OR (l.state = 'partial' AND NOT l.takes_part)
UNION
SELECT r.order_id AS id FROM reservation r
WHERE r.state = 'partial' AND NOT EXISTS (
    SELECT 1 FROM allocation a WHERE a.reservation_id = r.id AND a.held_milli > 0)
  AND NOT EXISTS (
    SELECT 1 FROM reservation_line s WHERE s.reservation_id = r.id AND s.shipped_milli > 0)
ORDER BY id
