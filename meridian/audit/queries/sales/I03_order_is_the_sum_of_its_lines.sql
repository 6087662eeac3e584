-- Every order's total is the sum of its lines.
SELECT o.id AS id FROM sales_order o
WHERE o.total_minor <> COALESCE((SELECT SUM(l.amount_minor) FROM sales_order_line l WHERE l.order_id = o.id), 0)
ORDER BY o.id
