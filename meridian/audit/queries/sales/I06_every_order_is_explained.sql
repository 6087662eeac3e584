-- An order is done, cancelled with a reason, driven by a living saga, closed short, or recorded and says what is missing.
SELECT o.id AS id FROM sales_order o
WHERE (o.state = 'cancelled' AND (o.cancel_reason IS NULL OR o.cancel_reason = ''))
   OR (o.state NOT IN ('done', 'cancelled') AND o.quotation_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM saga s WHERE s.key = CAST(o.id AS VARCHAR(64)) AND s.state NOT IN ('done', 'compensated'))
      AND NOT EXISTS (SELECT 1 FROM sales_order_line l WHERE l.order_id = o.id AND l.given_up_milli > 0))
   OR (o.quotation_id IS NULL AND o.state <> 'done' AND (o.state <> 'processing'
        OR (o.delivery_status = 'full' AND o.billing_status = 'invoiced' AND o.payment_status = 'paid')))
   OR (o.quotation_id IS NULL AND (
        EXISTS (SELECT 1 FROM saga s WHERE s.key = CAST(o.id AS VARCHAR(64)))
        OR EXISTS (SELECT 1 FROM order_hold h WHERE h.order_id = o.id)))
ORDER BY o.id
