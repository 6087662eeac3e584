-- Every order's total is the sum of its lines with their tax, and its tax is the sum of theirs.
SELECT o.id AS id FROM sales_order o JOIN (
  SELECT order_id, SUM(amount_minor) AS amount, SUM(tax_minor) AS tax FROM sales_order_line GROUP BY order_id) l
  ON l.order_id = o.id
WHERE o.tax_minor <> l.tax OR o.total_minor <> l.amount + CASE WHEN o.tax_prices = 'inclusive' THEN 0 ELSE l.tax END
UNION ALL
SELECT o.id FROM sales_order o WHERE NOT EXISTS (SELECT 1 FROM sales_order_line l WHERE l.order_id = o.id)
ORDER BY id
