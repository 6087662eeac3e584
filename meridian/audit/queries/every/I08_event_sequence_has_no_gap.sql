-- Each aggregate's messages are numbered 1 to n.
SELECT partition_key AS id FROM event_log
GROUP BY partition_key
HAVING COUNT(*) <> MAX(sequence) OR COUNT(DISTINCT sequence) <> COUNT(*) OR MIN(sequence) <> 1
ORDER BY partition_key
