-- Nothing waits in the outbox for longer than 60 s.
SELECT event_id AS id FROM outbox WHERE recorded_at < :minute_ago ORDER BY seq
