-- What left and will be invoiced as it arrives weighs on the customer's credit until then.
SELECT DISTINCT t.order_id AS id FROM travelling t
JOIN sales_order_line l ON l.order_line_id = t.order_line_id
WHERE t.left_milli > t.refused_milli AND l.amount_minor > 0 AND NOT EXISTS (
  SELECT 1 FROM credit_hold h WHERE h.order_id = t.order_id AND h.state = 'granted' AND h.held_minor > 0)
