-- The counter of each aggregate equals its last message.
SELECT s.partition_key AS id FROM event_stream s
WHERE s.last_sequence <> (SELECT MAX(e.sequence) FROM event_log e WHERE e.partition_key = s.partition_key)
ORDER BY s.partition_key
