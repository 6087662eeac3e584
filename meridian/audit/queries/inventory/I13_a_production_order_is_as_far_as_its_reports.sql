-- A production order made what its reports say, and its state says how far it is.
SELECT o.id AS id FROM production_order o
LEFT JOIN (
  SELECT production_order_id, SUM(finished_milli) AS finished, SUM(scrapped_milli) AS scrapped
  FROM production_report GROUP BY production_order_id) r ON r.production_order_id = o.id
WHERE o.finished_milli <> COALESCE(r.finished, 0) OR o.scrapped_milli <> COALESCE(r.scrapped, 0)
   OR (o.state = 'running' AND o.finished_milli >= o.quantity_milli)
   OR (o.state IN ('done', 'cancelled') AND EXISTS (
     SELECT 1 FROM production_component p WHERE p.production_order_id = o.id AND p.required_milli <> p.used_milli))
   OR (o.state IN ('waiting', 'assigned') AND (o.state = 'waiting') <> EXISTS (
     SELECT 1 FROM component_want w WHERE w.production_order_id = o.id))
ORDER BY o.id
