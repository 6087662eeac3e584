-- A confirmed or ended order has no open hold.
SELECT o.id AS id FROM sales_order o JOIN order_hold h ON h.order_id = o.id
WHERE h.released_at IS NULL AND o.state <> 'pending' ORDER BY o.id
