-- Invoice numbers are 1 to n, but for invoices of another system, which keep theirs.
SELECT 'INV' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(i.number, 5) AS BIGINT)) AS last FROM invoice i
  WHERE i.number LIKE 'INV-%' AND NOT EXISTS (
    SELECT 1 FROM recorded_delivery d WHERE d.delivery_id = i.delivery_id)) x
WHERE x.n <> COALESCE(x.last, 0)
