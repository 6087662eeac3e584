-- Each step that was undone was undone once.
SELECT s.saga_id AS id FROM saga_step s
WHERE s.status = 'undone' GROUP BY s.saga_id, s.step HAVING COUNT(*) > 1 ORDER BY s.saga_id
