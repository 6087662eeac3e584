-- What came in of a purchase order's line is the sum of its receipts, and no more than is taken in.
SELECT l.id AS id FROM purchase_order_line l
WHERE l.received_milli > l.most_milli OR l.received_milli <> COALESCE((
  SELECT SUM(p.quantity_milli) FROM purchase_receipt_line p WHERE p.purchase_order_line_id = l.id), 0)
ORDER BY l.id
