-- An account's unallocated money is what its payments and credit notes have left.
SELECT a.customer_id AS id FROM account a
WHERE a.unallocated_minor <> COALESCE((
    SELECT SUM(p.unallocated_minor) FROM payment p WHERE p.customer_id = a.customer_id), 0)
  + COALESCE((
    SELECT SUM(n.unallocated_minor) FROM credit_note n WHERE n.customer_id = a.customer_id), 0)
ORDER BY a.customer_id
