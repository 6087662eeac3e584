-- What an order that has, or gets, its goods lacks again stands in the queue of its item, as much as is lacking, before everybody else.
SELECT COALESCE(m.reservation_id, q.reservation_id) AS id FROM (
  SELECT p.reservation_id, p.item_id, SUM(p.quantity_milli) AS milli
  FROM missing_part p GROUP BY p.reservation_id, p.item_id) m
FULL JOIN (
  SELECT w.reservation_id, w.item_id, w.queue_no, w.quantity_milli FROM waiting w
  JOIN reservation r ON r.id = w.reservation_id WHERE r.state IN ('reserved', 'sourcing')) q
  ON q.reservation_id = m.reservation_id AND q.item_id = m.item_id
WHERE m.milli IS NULL OR q.quantity_milli IS NULL OR m.milli <> q.quantity_milli OR q.queue_no >= 0
UNION
SELECT p.reservation_id AS id FROM missing_part p JOIN reservation r ON r.id = p.reservation_id
WHERE r.state NOT IN ('reserved', 'sourcing')
