-- What stock is worth is the sum of what moves and revaluations made of it; stock of nothing is worth nothing.
SELECT x.item_id AS id FROM (
  SELECT d.item_id, SUM(d.minor) AS minor FROM (
    SELECT v.item_id, v.value_minor AS minor FROM item_value v
    UNION ALL
    SELECT m.item_id, -m.value_minor FROM stock_move m WHERE m.value_minor IS NOT NULL
    UNION ALL
    SELECT r.item_id, -r.value_minor FROM revaluation r
  ) d GROUP BY d.item_id) x
WHERE x.minor <> 0
UNION
SELECT v.item_id AS id FROM item_value v
WHERE v.value_minor < 0 OR v.quantity_milli < 0 OR (v.quantity_milli = 0 AND v.value_minor <> 0)
