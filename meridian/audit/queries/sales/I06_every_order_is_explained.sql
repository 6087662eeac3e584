-- An order is done, cancelled with a reason, on its way, or waits with a hold that names owner and deadline.
SELECT o.id AS id FROM sales_order o
WHERE (o.state = 'cancelled' AND (o.cancel_reason IS NULL OR o.cancel_reason = ''))
   OR (o.state NOT IN ('done', 'cancelled') AND o.quotation_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM saga s WHERE s.key = CAST(o.id AS VARCHAR(64)) AND s.state NOT IN ('done', 'compensated')))
ORDER BY o.id
