-- Credit note numbers are 1 to n.
SELECT 'CN' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(n.number, 4) AS BIGINT)) AS last FROM credit_note n) x
WHERE x.n <> COALESCE(x.last, 0)
