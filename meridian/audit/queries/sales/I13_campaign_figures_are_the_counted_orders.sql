-- The daily sums of each campaign are the sums of the counted orders that are owed to it.
SELECT id FROM (
  SELECT campaign || ' ' || day || ' ' || currency || ' ' || salesperson || ' ' || region || ' ' || channel || ' '
    || customer_group AS id, orders, net_minor, costed_minor, cost_minor FROM campaign_day WHERE orders <> 0 OR net_minor <> 0
    OR costed_minor <> 0 OR cost_minor <> 0
  EXCEPT
  SELECT campaign || ' ' || day || ' ' || currency || ' ' || salesperson || ' ' || region || ' ' || channel || ' '
    || customer_group, SUM(orders), SUM(net_minor), SUM(costed_minor), SUM(cost_minor)
  FROM counted_order WHERE campaign <> ''
  GROUP BY campaign, day, currency, salesperson, region, channel, customer_group) differing
UNION
SELECT o.order_id || '' FROM counted_order o WHERE o.orders = 1 AND o.campaign <> '' AND NOT EXISTS (
  SELECT 1 FROM campaign_day d WHERE d.campaign = o.campaign AND d.day = o.day AND d.currency = o.currency
    AND d.salesperson = o.salesperson AND d.region = o.region AND d.channel = o.channel
    AND d.customer_group = o.customer_group)
ORDER BY id
