-- Every invoice's total is the sum of its lines.
SELECT i.id AS id FROM invoice i
WHERE i.total_minor <> COALESCE((SELECT SUM(l.amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id), 0)
ORDER BY i.id
