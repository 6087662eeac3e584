-- The monthly sums of items and of customers are, in money, the sums of the orders that are counted.
SELECT c.currency AS id FROM (
  SELECT currency, SUM(net_minor) AS net_minor, SUM(costed_minor) AS costed_minor, SUM(cost_minor) AS cost_minor
  FROM counted_order GROUP BY currency) c
LEFT JOIN (
  SELECT currency, SUM(net_minor) AS net_minor, SUM(costed_minor) AS costed_minor, SUM(cost_minor) AS cost_minor
  FROM item_month GROUP BY currency) i ON i.currency = c.currency
LEFT JOIN (SELECT currency, SUM(net_minor) AS net_minor FROM buyer_month GROUP BY currency) m
  ON m.currency = c.currency
WHERE c.net_minor <> COALESCE(i.net_minor, 0) OR c.costed_minor <> COALESCE(i.costed_minor, 0)
  OR c.cost_minor <> COALESCE(i.cost_minor, 0) OR c.net_minor <> COALESCE(m.net_minor, 0)
UNION
SELECT l.item_id || '' FROM (
  SELECT l.item_id, o.currency, SUM(l.milli) AS milli, SUM(l.net_minor) AS net_minor FROM counted_line l
  JOIN counted_order o ON o.order_id = l.order_id GROUP BY l.item_id, o.currency) l
LEFT JOIN (SELECT item_id, currency, SUM(milli) AS milli, SUM(net_minor) AS net_minor
  FROM item_month GROUP BY item_id, currency) i ON i.item_id = l.item_id AND i.currency = l.currency
WHERE l.milli <> COALESCE(i.milli, 0) OR l.net_minor <> COALESCE(i.net_minor, 0)
ORDER BY id
