-- What pickers did not find left the books by the correction that the discrepancy names.
SELECT x.document_id AS id FROM (
  SELECT d.document_id, d.item_id, d.lot, SUM(d.missing_milli) AS milli
  FROM stock_discrepancy d GROUP BY d.document_id, d.item_id, d.lot) x
WHERE x.milli <> COALESCE((
  SELECT -SUM(m.quantity_milli) FROM stock_move m
  WHERE m.document_id = x.document_id AND m.item_id = x.item_id AND m.lot = x.lot AND m.kind = 'adjustment'), 0)
ORDER BY x.document_id
