-- Of stock that is set aside nothing is promised but what is picked, has left in part, or was got for its order alone.
SELECT a.item_id AS id FROM stock s
JOIN allocation a ON a.item_id = s.item_id AND a.warehouse_id = s.warehouse_id AND a.lot = s.lot
JOIN reservation r ON r.id = a.reservation_id
WHERE s.expired AND a.held_milli > 0 AND r.state IN ('reserved', 'partial')
  AND NOT EXISTS (
    SELECT 1 FROM reservation_line l WHERE l.reservation_id = r.id AND l.shipped_milli > 0)
  AND NOT EXISTS (
    SELECT 1 FROM delivery d WHERE d.order_id = r.order_id
    AND d.state IN ('picked', 'packed', 'shipped', 'delivered'))
UNION
SELECT c.item_id AS id FROM stock s
JOIN component_allocation c ON c.item_id = s.item_id AND c.warehouse_id = s.warehouse_id AND c.lot = s.lot
WHERE s.expired AND c.held_milli > 0
