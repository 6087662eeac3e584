-- Return numbers are 1 to n.
SELECT 'RMA' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(r.number, 5) AS BIGINT)) AS last FROM goods_return r) x
WHERE x.n <> COALESCE(x.last, 0)
