-- Every invoice's total and tax are the sums of its lines, less what it deducts of a down payment.
SELECT i.id AS id FROM invoice i
WHERE i.total_minor <> COALESCE((
    SELECT SUM(l.amount_minor + l.tax_minor) FROM invoice_line l WHERE l.invoice_id = i.id), 0)
  - COALESCE((
    SELECT SUM(d.amount_minor + d.tax_minor) FROM invoice_deduction d WHERE d.invoice_id = i.id), 0)
  OR i.tax_minor <> COALESCE((SELECT SUM(l.tax_minor) FROM invoice_line l WHERE l.invoice_id = i.id), 0)
  - COALESCE((SELECT SUM(d.tax_minor) FROM invoice_deduction d WHERE d.invoice_id = i.id), 0)
ORDER BY i.id
