-- A buyer's orders, first and last day, and his months are those of his orders that are counted.
SELECT b.customer_id AS id FROM buyer b LEFT JOIN (
  SELECT customer_id, COUNT(*) AS orders, MIN(day) AS first_on, MAX(day) AS last_on
  FROM counted_order WHERE orders = 1 GROUP BY customer_id) o ON o.customer_id = b.customer_id
LEFT JOIN (SELECT customer_id, SUM(orders) AS orders FROM buyer_month GROUP BY customer_id) m
  ON m.customer_id = b.customer_id
WHERE b.orders <> COALESCE(o.orders, 0) OR b.orders <> COALESCE(m.orders, 0)
  OR (b.orders > 0 AND (b.first_on <> o.first_on OR b.last_on <> o.last_on))
UNION
SELECT o.customer_id AS id FROM counted_order o
WHERE o.orders = 1 AND NOT EXISTS (SELECT 1 FROM buyer b WHERE b.customer_id = o.customer_id)
ORDER BY id
