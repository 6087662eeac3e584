-- A message is either applied or parked, never both.
SELECT p.event_id AS id FROM parked p
WHERE EXISTS (SELECT 1 FROM inbox i WHERE i.consumer = p.consumer AND CAST(i.event_id AS VARCHAR(255)) = p.event_id)
ORDER BY p.event_id
