-- What came in for purchase orders is in the stock ledger, lot by lot, and the other way round.
SELECT COALESCE(p.document_id, m.document_id) AS id
FROM (SELECT document_id, item_id, lot, SUM(quantity_milli) AS came FROM purchase_receipt_line
      GROUP BY document_id, item_id, lot) p
LEFT JOIN (SELECT document_id, item_id, lot, SUM(quantity_milli) AS came FROM stock_move WHERE kind = 'receipt'
      GROUP BY document_id, item_id, lot) m
  ON m.document_id = p.document_id AND m.item_id = p.item_id AND m.lot = p.lot
WHERE m.came IS NULL OR m.came <> p.came
UNION
SELECT m.document_id AS id FROM stock_move m
WHERE m.document_id IN (SELECT document_id FROM purchase_receipt_line) AND NOT EXISTS (
  SELECT 1 FROM purchase_receipt_line p
  WHERE p.document_id = m.document_id AND p.item_id = m.item_id AND p.lot = m.lot)
