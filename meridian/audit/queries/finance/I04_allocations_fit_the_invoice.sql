-- What payments, credit notes, cash discounts and losses settled and what is open make up the invoice.
SELECT i.id AS id FROM invoice i
WHERE i.total_minor - i.open_minor <> COALESCE((
    SELECT SUM(a.amount_minor) FROM allocation a WHERE a.invoice_id = i.id), 0)
  + COALESCE((
    SELECT SUM(c.amount_minor) FROM credit_allocation c WHERE c.invoice_id = i.id), 0)
  + COALESCE((
    SELECT SUM(CASE WHEN o.kind = 'granted' THEN o.amount_minor ELSE -o.amount_minor END)
    FROM cash_discount o WHERE o.invoice_id = i.id), 0)
  + COALESCE((
    SELECT SUM(w.amount_minor) FROM write_off w WHERE w.invoice_id = i.id AND w.state = 'posted'), 0)
ORDER BY i.id
