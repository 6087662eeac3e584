-- A line that was agreed is of an order that crm follows, of the same customer and day.
SELECT l.order_line_id AS id FROM followed_line l
LEFT JOIN followed_order o ON o.order_id = l.order_id
WHERE l.quantity_milli > 0
  AND (o.order_id IS NULL OR o.customer_id <> l.customer_id OR o.ordered_on <> l.ordered_on)
ORDER BY l.order_line_id
