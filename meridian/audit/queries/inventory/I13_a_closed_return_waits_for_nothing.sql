-- A return is closed exactly when all that was received of it was restocked or scrapped.
SELECT r.id AS id FROM goods_return r
WHERE r.state IN ('received', 'closed') AND (r.state = 'closed') <> NOT EXISTS (
  SELECT 1 FROM goods_return_line b
  WHERE b.return_id = r.id AND b.received_milli <> b.restocked_milli + b.scrapped_milli)
ORDER BY r.id
