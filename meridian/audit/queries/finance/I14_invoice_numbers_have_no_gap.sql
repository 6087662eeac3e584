-- Invoice numbers are 1 to n.
SELECT 'INV' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(number, 5) AS BIGINT)) AS last FROM invoice WHERE number LIKE 'INV-%') x
WHERE x.n <> COALESCE(x.last, 0)
