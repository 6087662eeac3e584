-- An order that waits, for all or for a part, stands at its own place in the queue of each item that it wants.
SELECT r.order_id AS id FROM reservation r JOIN waiting w ON w.reservation_id = r.id
WHERE r.state IN ('waiting', 'partial') AND (r.queue_no IS NULL OR w.queue_no <> r.queue_no)
UNION
SELECT r.order_id AS id FROM reservation r
WHERE r.state IN ('waiting', 'partial') AND NOT EXISTS (SELECT 1 FROM waiting w WHERE w.reservation_id = r.id)
