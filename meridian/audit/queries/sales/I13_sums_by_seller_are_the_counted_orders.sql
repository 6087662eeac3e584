-- What each customer bought in a month of whom, and for which campaign, is the sum of the orders that are counted.
SELECT id FROM (
  SELECT salesperson || ' ' || month || ' ' || currency || ' ' || campaign || ' ' || customer_id AS id,
    orders, net_minor FROM seller_month WHERE orders <> 0 OR net_minor <> 0
  EXCEPT
  SELECT salesperson || ' ' || SUBSTR(CAST(day AS VARCHAR), 1, 7) || ' ' || currency || ' ' || campaign || ' '
    || customer_id, SUM(orders), SUM(net_minor) FROM counted_order
  GROUP BY salesperson, SUBSTR(CAST(day AS VARCHAR), 1, 7), currency, campaign, customer_id) differing
UNION
SELECT o.order_id || '' FROM counted_order o WHERE o.orders = 1 AND NOT EXISTS (
  SELECT 1 FROM seller_month m WHERE m.salesperson = o.salesperson AND m.month = SUBSTR(CAST(o.day AS VARCHAR), 1, 7)
    AND m.currency = o.currency AND m.campaign = o.campaign AND m.customer_id = o.customer_id)
ORDER BY id
