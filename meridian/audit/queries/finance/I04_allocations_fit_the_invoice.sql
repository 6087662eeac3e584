-- Allocations and what is open make up the invoice.
SELECT i.id AS id FROM invoice i
WHERE i.total_minor - i.open_minor <> COALESCE((
  SELECT SUM(a.amount_minor) FROM allocation a WHERE a.invoice_id = i.id), 0)
ORDER BY i.id
