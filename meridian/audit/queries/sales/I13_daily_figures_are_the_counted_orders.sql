-- The daily sums of order revenue are the sums of the orders that are counted.
SELECT id FROM (
  SELECT day || ' ' || currency || ' ' || salesperson AS id, orders, net_minor, costed_minor, cost_minor FROM (
    SELECT day, currency, salesperson, SUM(orders) AS orders, SUM(net_minor) AS net_minor,
      SUM(costed_minor) AS costed_minor, SUM(cost_minor) AS cost_minor
    FROM day_figure GROUP BY day, currency, salesperson) kept
  EXCEPT
  SELECT day || ' ' || currency || ' ' || salesperson, SUM(orders), SUM(net_minor), SUM(costed_minor),
    SUM(cost_minor) FROM counted_order GROUP BY day, currency, salesperson) differing
UNION
SELECT o.order_id || '' FROM counted_order o WHERE o.orders = 1 AND NOT EXISTS (
  SELECT 1 FROM day_figure d WHERE d.day = o.day AND d.currency = o.currency AND d.salesperson = o.salesperson
    AND d.region = o.region AND d.channel = o.channel AND d.customer_group = o.customer_group)
ORDER BY id
