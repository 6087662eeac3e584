-- What moved of each item on each day, by warehouse, is the sum of the moves of the ledger.
SELECT id FROM (
  SELECT day || ' ' || item_id || ' ' || warehouse_id AS id, shipped_milli, returned_milli, change_milli
  FROM item_day WHERE shipped_milli <> 0 OR returned_milli <> 0 OR change_milli <> 0
  EXCEPT
  SELECT moved_on || ' ' || item_id || ' ' || warehouse_id,
    SUM(CASE WHEN kind = 'shipment' THEN -quantity_milli ELSE 0 END),
    SUM(CASE WHEN kind = 'return' THEN quantity_milli ELSE 0 END), SUM(quantity_milli)
  FROM stock_move GROUP BY moved_on, item_id, warehouse_id) differing
UNION
SELECT m.moved_on || ' ' || m.item_id || ' ' || m.warehouse_id FROM stock_move m
WHERE m.kind = 'shipment' AND NOT EXISTS (
  SELECT 1 FROM item_day d WHERE d.day = m.moved_on AND d.item_id = m.item_id AND d.warehouse_id = m.warehouse_id)
ORDER BY id
