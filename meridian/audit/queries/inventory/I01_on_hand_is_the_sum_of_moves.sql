-- On hand equals the sum of the append-only moves.
SELECT COALESCE(s.item_id, m.item_id) AS id
FROM (SELECT item_id, warehouse_id, lot, SUM(quantity_milli) AS moved FROM stock_move GROUP BY item_id, warehouse_id, lot) m
LEFT JOIN stock s ON s.item_id = m.item_id AND s.warehouse_id = m.warehouse_id AND s.lot = m.lot
WHERE s.on_hand_milli IS NULL OR s.on_hand_milli <> m.moved
UNION
SELECT s.item_id AS id FROM stock s
WHERE s.on_hand_milli <> 0 AND NOT EXISTS (
  SELECT 1 FROM stock_move m WHERE m.item_id = s.item_id AND m.warehouse_id = s.warehouse_id AND m.lot = s.lot)
