-- What reports finished and used up is in the stock ledger, item by item, and the other way round.
SELECT COALESCE(r.id, m.id) AS id FROM (
  SELECT id, item_id, SUM(milli) AS milli FROM (
    SELECT b.id, o.item_id, b.finished_milli AS milli FROM production_report b
    JOIN production_order o ON o.id = b.production_order_id WHERE b.finished_milli <> 0
    UNION ALL
    SELECT report_id, component_id, -quantity_milli FROM production_consumption WHERE quantity_milli <> 0
  ) said GROUP BY id, item_id) r
LEFT JOIN (
  SELECT document_id AS id, item_id, SUM(quantity_milli) AS milli FROM stock_move
  WHERE kind IN ('production', 'consumption') GROUP BY document_id, item_id) m ON m.id = r.id AND m.item_id = r.item_id
WHERE m.milli IS NULL OR m.milli <> r.milli
UNION
SELECT m.document_id AS id FROM stock_move m
WHERE m.kind IN ('production', 'consumption') AND NOT EXISTS (
  SELECT 1 FROM production_report b WHERE b.id = m.document_id AND b.finished_milli > 0 AND m.kind = 'production')
AND NOT EXISTS (
  SELECT 1 FROM production_consumption c
  WHERE c.report_id = m.document_id AND c.component_id = m.item_id AND m.kind = 'consumption')
