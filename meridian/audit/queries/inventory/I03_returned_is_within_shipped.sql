-- Of no shipped part more comes back than left, and each part counts what its returns say.
SELECT p.delivery_id AS id FROM returned_part p
LEFT JOIN delivery_line l ON l.delivery_id = p.delivery_id AND l.order_line_id = p.order_line_id AND l.lot = p.lot
WHERE l.quantity_milli IS NULL OR l.quantity_milli <> p.shipped_milli OR p.returned_milli > l.quantity_milli
   OR p.returned_milli <> COALESCE((
     SELECT SUM(CASE WHEN r.state IN ('requested', 'approved') THEN b.quantity_milli ELSE b.received_milli END)
     FROM goods_return_line b JOIN goods_return r ON r.id = b.return_id
     WHERE r.delivery_id = p.delivery_id AND b.order_line_id = p.order_line_id AND b.lot = p.lot
       AND r.state NOT IN ('rejected', 'cancelled')), 0)
UNION
SELECT r.delivery_id AS id FROM goods_return r JOIN goods_return_line b ON b.return_id = r.id
WHERE NOT EXISTS (
  SELECT 1 FROM returned_part p
  WHERE p.delivery_id = r.delivery_id AND p.order_line_id = b.order_line_id AND p.lot = b.lot)
