-- Every parked or dead message has its reason.
SELECT event_id AS id FROM parked WHERE reason = '' OR (state = 'retry' AND next_at IS NULL) ORDER BY event_id
