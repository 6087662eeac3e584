-- A supplier invoice comes to its lines and its tax.
SELECT i.id AS id FROM supplier_invoice i
WHERE i.total_minor <> i.tax_minor + (SELECT SUM(l.amount_minor) FROM supplier_invoice_line l WHERE l.invoice_id = i.id)
ORDER BY i.id
