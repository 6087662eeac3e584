-- No exposure passes its limit but by past or unchecked orders, overrides, losses taken back and a lowered limit.
SELECT a.customer_id AS id FROM account a
WHERE a.limit_minor IS NOT NULL
  AND a.held_minor + a.receivable_minor - a.unallocated_minor > a.limit_minor + COALESCE((
    SELECT SUM(i.total_minor) FROM invoice i JOIN recorded_delivery d ON d.delivery_id = i.delivery_id
    WHERE i.customer_id = a.customer_id), 0)
  + COALESCE((
    SELECT SUM(i.total_minor) FROM invoice i JOIN sales_order s ON s.order_id = i.order_id
    WHERE i.customer_id = a.customer_id AND s.payment = 'on_account'
      AND NOT EXISTS (SELECT 1 FROM credit_hold h WHERE h.order_id = i.order_id)
      AND NOT EXISTS (SELECT 1 FROM recorded_delivery d WHERE d.delivery_id = i.delivery_id)), 0)
  + COALESCE((
    SELECT SUM(o.amount_minor) FROM credit_override o WHERE o.customer_id = a.customer_id AND o.state = 'used'
      AND o.purpose = 'order'), 0)
  + COALESCE((
    SELECT SUM(w.amount_minor) FROM write_off w WHERE w.customer_id = a.customer_id AND w.state = 'reversed'), 0)
  AND NOT EXISTS (
    SELECT 1 FROM limit_change c WHERE c.customer_id = a.customer_id AND c.limit_minor < c.exposure_minor)
ORDER BY a.customer_id
