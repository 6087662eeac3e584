-- What a credit note settled, what of it went back and what is left of it make up its total.
SELECT n.id AS id FROM credit_note n
WHERE n.total_minor - n.unallocated_minor <> COALESCE((
  SELECT SUM(a.amount_minor) FROM credit_allocation a WHERE a.credit_note_id = n.id), 0)
  + COALESCE((
    SELECT SUM(r.amount_minor) FROM refund r WHERE r.credit_note_id = n.id AND r.state = 'posted'), 0)
ORDER BY n.id
