-- A saga that is not ended has a timer that will fire, or is marked for attention.
SELECT s.id AS id FROM saga s
WHERE s.state NOT IN ('done', 'compensated')
  AND s.ask_again_at IS NULL AND s.deadline_at IS NULL
ORDER BY s.id
