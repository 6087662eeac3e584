-- An ended order has no open hold; a confirmed one only while its stock was taken back, or its goods wait for credit.
SELECT o.id AS id FROM sales_order o JOIN order_hold h ON h.order_id = o.id
WHERE h.released_at IS NULL AND (o.state = 'cancelled' OR (o.state = 'done' AND h.code <> 'delivery_credit')
   OR (o.state <> 'pending' AND h.code NOT IN ('stock', 'delivery_credit'))) ORDER BY o.id
