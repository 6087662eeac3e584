-- Numbers of supplier invoices are 1 to n.
SELECT 'SI' AS id FROM (
  SELECT COUNT(*) AS n, MAX(CAST(SUBSTR(i.number, 4) AS BIGINT)) AS last FROM supplier_invoice i) x
WHERE x.n <> COALESCE(x.last, 0)
