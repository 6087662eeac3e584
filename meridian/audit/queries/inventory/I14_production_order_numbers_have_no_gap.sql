-- Production order numbers are 1 to n.
SELECT 'MO' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(o.number, 4) AS BIGINT)) AS last FROM production_order o) x
WHERE x.n <> COALESCE(x.last, 0)
