-- A payment to a supplier is the sum of what it paid.
SELECT p.id AS id FROM supplier_payment p
WHERE p.amount_minor <> COALESCE((
  SELECT SUM(a.amount_minor) FROM supplier_allocation a WHERE a.payment_id = p.id), 0)
ORDER BY p.id
