-- An order has ended if and only if its saga has; one that was closed short ends with the payment of what was shipped.
SELECT o.id AS id FROM sales_order o JOIN saga s ON s.key = CAST(o.id AS VARCHAR(64))
WHERE (o.state IN ('done', 'cancelled')) <> (s.state IN ('done', 'compensated'))
  AND NOT EXISTS (SELECT 1 FROM sales_order_line l WHERE l.order_id = o.id AND l.given_up_milli > 0)
ORDER BY o.id
