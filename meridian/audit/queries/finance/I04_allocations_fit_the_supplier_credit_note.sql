-- What is left of a supplier's credit note is its total less what it settled, and its total is that of its lines and tax.
SELECT n.id AS id FROM supplier_credit_note n
WHERE n.open_minor <> n.total_minor - COALESCE((
  SELECT SUM(a.amount_minor) FROM supplier_credit_allocation a WHERE a.credit_note_id = n.id), 0)
   OR n.total_minor <> n.tax_minor + COALESCE((
  SELECT SUM(l.amount_minor) FROM supplier_credit_note_line l WHERE l.credit_note_id = n.id), 0)
ORDER BY n.id
