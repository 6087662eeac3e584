-- What is open of a posted supplier invoice is its total less what was paid and credited of it.
SELECT i.id AS id FROM supplier_invoice i
WHERE i.open_minor <> CASE WHEN i.state <> 'posted' THEN 0 ELSE i.total_minor END - COALESCE((
  SELECT SUM(a.amount_minor) FROM supplier_allocation a WHERE a.invoice_id = i.id), 0) - COALESCE((
  SELECT SUM(c.amount_minor) FROM supplier_credit_allocation c WHERE c.invoice_id = i.id), 0)
ORDER BY i.id
