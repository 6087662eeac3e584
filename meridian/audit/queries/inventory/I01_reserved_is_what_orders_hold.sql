-- Reserved equals what open reservations hold.
SELECT s.item_id AS id FROM stock s
WHERE s.reserved_milli <> COALESCE((
  SELECT SUM(a.held_milli) FROM allocation a
  WHERE a.item_id = s.item_id AND a.warehouse_id = s.warehouse_id AND a.lot = s.lot), 0)
ORDER BY s.item_id
