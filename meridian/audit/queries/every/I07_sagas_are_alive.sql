-- A saga that is not ended has a timer that will fire, or is marked for attention.
SELECT s.id AS id FROM saga s
WHERE s.state NOT IN ('done', 'compensated')
  AND NOT EXISTS (SELECT 1 FROM saga_timer t WHERE t.saga_id = s.id AND t.fired_at IS NULL)
ORDER BY s.id
