-- An order has ended if and only if its saga has.
SELECT o.id AS id FROM sales_order o JOIN saga s ON s.key = CAST(o.id AS VARCHAR(64))
WHERE (o.state IN ('done', 'cancelled')) <> (s.state IN ('done', 'compensated')) ORDER BY o.id
