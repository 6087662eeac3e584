-- Reserved equals what open reservations and production orders hold.
SELECT s.item_id AS id FROM stock s
WHERE s.reserved_milli <> COALESCE((
  SELECT SUM(a.held_milli) FROM allocation a
  WHERE a.item_id = s.item_id AND a.warehouse_id = s.warehouse_id AND a.lot = s.lot), 0)
  + COALESCE((
  SELECT SUM(c.held_milli) FROM component_allocation c
  WHERE c.item_id = s.item_id AND c.warehouse_id = s.warehouse_id AND c.lot = s.lot), 0)
ORDER BY s.item_id
