-- Every credit note's total and tax are the sums of its lines, all of them of its own invoice.
SELECT n.id AS id FROM credit_note n
WHERE n.total_minor <> COALESCE((
    SELECT SUM(l.amount_minor + l.tax_minor) FROM credit_note_line l
    WHERE l.credit_note_id = n.id AND l.invoice_id = n.invoice_id), 0)
  OR n.tax_minor <> COALESCE((SELECT SUM(l.tax_minor) FROM credit_note_line l WHERE l.credit_note_id = n.id), 0)
ORDER BY n.id
