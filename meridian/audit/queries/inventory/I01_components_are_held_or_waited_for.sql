-- A production order holds or waits for exactly what the rest of it needs of each component; one that is over, nothing.
SELECT p.production_order_id AS id FROM production_component p
WHERE p.required_milli - p.used_milli <> COALESCE((
  SELECT SUM(a.held_milli) FROM component_allocation a
  WHERE a.production_order_id = p.production_order_id AND a.item_id = p.component_id), 0)
  + COALESCE((
  SELECT SUM(w.quantity_milli) FROM component_want w
  WHERE w.production_order_id = p.production_order_id AND w.item_id = p.component_id), 0)
UNION
SELECT a.production_order_id AS id FROM component_allocation a
WHERE a.held_milli <> 0 AND NOT EXISTS (
  SELECT 1 FROM production_component p
  WHERE p.production_order_id = a.production_order_id AND p.component_id = a.item_id)
