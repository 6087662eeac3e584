-- Allocations, what went back and what is left make up the payment.
SELECT p.id AS id FROM payment p
WHERE p.amount_minor - p.unallocated_minor <> COALESCE((
  SELECT SUM(a.amount_minor) FROM allocation a WHERE a.payment_id = p.id), 0)
  + COALESCE((
    SELECT SUM(r.amount_minor) FROM refund r WHERE r.payment_id = p.id AND r.state = 'posted'), 0)
ORDER BY p.id
