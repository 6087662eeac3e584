-- What was used up of a component, by the bill of materials and really, is the sum of its order's reports.
SELECT p.production_order_id AS id FROM production_component p
LEFT JOIN (
  SELECT r.production_order_id, c.component_id, SUM(c.planned_milli) AS planned, SUM(c.quantity_milli) AS used
  FROM production_consumption c JOIN production_report r ON r.id = c.report_id
  GROUP BY r.production_order_id, c.component_id) s
  ON s.production_order_id = p.production_order_id AND s.component_id = p.component_id
WHERE p.used_milli <> COALESCE(s.planned, 0) OR p.consumed_milli <> COALESCE(s.used, 0)
ORDER BY p.production_order_id
