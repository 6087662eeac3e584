-- A key that was used has its answer beside its effect.
SELECT key AS id FROM idempotency WHERE status IS NULL AND created_at < :minute_ago ORDER BY key
