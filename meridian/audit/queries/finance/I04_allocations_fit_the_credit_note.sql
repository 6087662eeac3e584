-- What a credit note settled and what is left of it make up its total.
SELECT n.id AS id FROM credit_note n
WHERE n.total_minor - n.unallocated_minor <> COALESCE((
  SELECT SUM(a.amount_minor) FROM credit_allocation a WHERE a.credit_note_id = n.id), 0)
ORDER BY n.id
