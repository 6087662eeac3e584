-- What restocked parts of a delivery are worth is never more than what the delivery cost.
SELECT x.delivery_id AS id FROM (
  SELECT r.delivery_id, SUM(b.cost_minor) AS back FROM goods_return_line b
  JOIN goods_return r ON r.id = b.return_id WHERE b.cost_minor IS NOT NULL GROUP BY r.delivery_id) x
WHERE x.back > COALESCE((
  SELECT -SUM(m.value_minor) FROM stock_move m WHERE m.document_id = x.delivery_id AND m.kind = 'shipment'), 0)
