-- No down payment is left of an order of which nothing is left to be invoiced.
SELECT d.order_id AS id FROM down_payment d
WHERE d.left_net_minor + d.left_tax_minor > 0 AND NOT EXISTS (
  SELECT 1 FROM sales_order_line l
  WHERE l.order_id = d.order_id AND l.invoiced_milli + l.waived_milli < l.quantity_milli)
ORDER BY d.order_id
