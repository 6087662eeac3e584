-- An account's held amount is the sum of its orders' holds.
SELECT a.customer_id AS id FROM account a
WHERE a.held_minor <> COALESCE((
  SELECT SUM(h.held_minor) FROM credit_hold h WHERE h.customer_id = a.customer_id), 0)
ORDER BY a.customer_id
