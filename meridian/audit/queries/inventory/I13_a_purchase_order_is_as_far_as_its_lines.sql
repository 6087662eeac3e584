-- A purchase order's state says what came in of its lines.
SELECT o.id AS id FROM purchase_order o
JOIN (SELECT purchase_order_id, SUM(received_milli) AS received,
        SUM(CASE WHEN received_milli < quantity_milli THEN 1 ELSE 0 END) AS incomplete
      FROM purchase_order_line GROUP BY purchase_order_id) l ON l.purchase_order_id = o.id
WHERE (o.state IN ('draft', 'sent', 'confirmed', 'cancelled') AND l.received <> 0)
   OR (o.state = 'partially_received' AND (l.received = 0 OR l.incomplete = 0))
   OR (o.state = 'received' AND l.incomplete <> 0)
ORDER BY o.id
