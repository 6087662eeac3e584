-- A purchase order's total is the sum of its lines, and it has some.
SELECT o.id AS id FROM purchase_order o
WHERE o.total_minor <> COALESCE((
  SELECT SUM(l.amount_minor) FROM purchase_order_line l WHERE l.purchase_order_id = o.id), -1)
ORDER BY o.id
