-- A change of an order that is being checked has a living saga, one that is decided none; and an order has one that is open.
SELECT c.number AS id FROM order_change c
LEFT JOIN saga s ON s.key = CAST(c.id AS VARCHAR(64))
WHERE (c.state = 'checking') AND (s.id IS NULL OR s.state IN ('done', 'compensated'))
   OR (c.state IN ('rejected', 'withdrawn') AND s.state = 'running')
UNION ALL
SELECT MAX(c.number) AS id FROM order_change c
WHERE c.state IN ('pending_approval', 'checking') GROUP BY c.order_id HAVING COUNT(*) > 1
ORDER BY id
