-- No consumer applied two messages with the same number of the same aggregate.
SELECT partition_key AS id FROM inbox
GROUP BY consumer, source, partition_key, sequence
HAVING COUNT(*) > 1
ORDER BY partition_key
